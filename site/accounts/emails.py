"""The letters about accounts: codes, hints and notices, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from allauth.account import app_settings
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.models import Mail
from core.outbox import post_mail


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter says. `code` is shown large; `link` and `link_text` become a button."""

    subject: str
    paragraphs: tuple[str, ...]
    code: str = ""
    link: str = ""
    link_text: str = ""
    advice: str = ""


def post_letter(*, kind: str, to: str, language: str, context: Mapping[str, Any]) -> Mail:
    """Have the letter of a kind (allauth's name of it, such as "login_code") sent to one reader.

    A code is good for minutes: a letter nobody could send by then is not sent at all.
    """
    return post_mail(
        template="account/letter",
        context={"letter": asdict(write_letter(kind=kind, language=language, context=context))},
        to=to,
        language=language,
        key=f"account:{uuid4()}",
        good_for=get_lifetime(kind),
    )


def write_letter(*, kind: str, language: str, context: Mapping[str, Any]) -> Letter:
    """The words of a letter, in the reader's language."""
    with override(language):
        return WRITERS[kind](context)


def get_lifetime(kind: str) -> timedelta | None:
    """How long the code in a letter of the kind is good for; nothing where it has none."""
    seconds = {
        "email_confirmation_signup": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "email_confirmation": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "password_reset_code": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
    }.get(kind)
    return timedelta(seconds=seconds) if seconds else None


def write_signup_code(context: Mapping[str, Any]) -> Letter:
    """The code that confirms the address of a new account."""
    return Letter(
        subject=_("%(code)s is your Anyberry code") % context,
        paragraphs=(
            _("Welcome! Enter this code on the page where you registered, and your account is ready:"),
        ),
        code=context["code"],
        advice=_(
            "The code is good for 15 minutes. If you did not register with us, just ignore this letter."
        ),
    )


def write_email_code(context: Mapping[str, Any]) -> Letter:
    """The code that confirms an address of an account that exists."""
    return Letter(
        subject=_("%(code)s is your Anyberry code") % context,
        paragraphs=(
            _("Enter this code on the page that asked for it, to confirm that this address is yours:"),
        ),
        code=context["code"],
        advice=_("The code is good for 15 minutes. If you did not ask for it, just ignore this letter."),
    )


def write_login_code(context: Mapping[str, Any]) -> Letter:
    """The code that signs in."""
    return Letter(
        subject=_("%(code)s is your sign-in code for Anyberry") % context,
        paragraphs=(_("Enter this code on the page that asked for it, and you are signed in:"),),
        code=context["code"],
        advice=_(
            "The code is good for 3 minutes. Do not tell it to anybody. "
            "If you did not ask for it, ignore this letter."
        ),
    )


def write_reset_code(context: Mapping[str, Any]) -> Letter:
    """The code that lets a new password be chosen."""
    return Letter(
        subject=_("%(code)s is your code for a new password") % context,
        paragraphs=(_("Enter this code on the page that asked for it, and choose a new password:"),),
        code=context["code"],
        advice=_(
            "The code is good for 3 minutes. If you did not ask for it, ignore this letter: "
            "your password stays as it is."
        ),
    )


def write_already_exists(context: Mapping[str, Any]) -> Letter:
    """Somebody registers an address that has an account."""
    return Letter(
        subject=_("You already have an account at Anyberry"),
        paragraphs=(
            _("You, or somebody else, tried to register this address, but it already has an account."),
            _("If it was you, just sign in. No password at hand? We will send you a code."),
        ),
        link=make_link("account_login"),
        link_text=_("Sign in"),
        advice=_("If it was not you, there is nothing to do."),
    )


def write_unknown(context: Mapping[str, Any]) -> Letter:
    """Somebody asks for a code for an address without an account."""
    return Letter(
        subject=_("There is no Anyberry account with this address"),
        paragraphs=(
            _("You, or somebody else, tried to sign in with this address, but it has no account here."),
            _("Perhaps you registered with another address. Or create an account now: it takes a minute."),
        ),
        link=make_link("account_signup"),
        link_text=_("Create an account"),
        advice=_("If it was not you, there is nothing to do."),
    )


def write_notice(subject: str) -> Letter:
    """Something about the account was changed."""
    return Letter(
        subject=subject,
        paragraphs=(_("If it was you, there is nothing to do."),),
        link=make_link("account_reset_password"),
        link_text=_("It was not me"),
        advice=_("If it was not you, choose a new password at once."),
    )


def write_email_changed(context: Mapping[str, Any]) -> Letter:
    """The old address learns of the new one."""
    letter = write_notice(_("The e-mail address of your Anyberry account was changed"))
    addresses = {"from": context.get("from_email", ""), "to": context.get("to_email", "")}
    change = _("It was %(from)s and is now %(to)s.") % addresses
    return replace(letter, paragraphs=(change, *letter.paragraphs))


def write_connected(context: Mapping[str, Any]) -> Letter:
    """An account on another site opens this one from now on."""
    letter = write_notice(_("Your Anyberry account opens through %(provider)s now") % context)
    return replace(
        letter,
        link=make_link("socialaccount_connections"),
        advice=_("If it was not you, remove the connection at once and choose a new password."),
    )


def write_farewell(context: Mapping[str, Any]) -> Letter:
    """The account is closed; the last letter."""
    return Letter(
        subject=_("Your Anyberry account is closed"),
        paragraphs=(
            _("We have removed your name, phone, e-mail and addresses, and will not write to you again."),
            _("Orders and payments stay on our books without your name: the law asks for that."),
        ),
        advice=_("Should you miss us: you can register again at any time."),
    )


SECOND_STEP = {
    "totp_activated": gettext_lazy("An app with codes now guards your account"),
    "totp_deactivated": gettext_lazy("The app with codes no longer guards your account"),
    "webauthn_added": gettext_lazy("A passkey was added to your account"),
    "webauthn_removed": gettext_lazy("A passkey was removed from your account"),
    "recovery_codes_generated": gettext_lazy("Your account has new recovery codes"),
}


def write_second_step(kind: str, context: Mapping[str, Any]) -> Letter:
    """Something about the second step was changed."""
    letter = write_notice(str(SECOND_STEP[kind]))
    return replace(letter, link=make_link("mfa_index"), link_text=_("Look at it"))


WRITERS: dict[str, Callable[[Mapping[str, Any]], Letter]] = {
    "account_connected": write_connected,
    "account_disconnected": lambda context: write_notice(
        _("Your Anyberry account no longer opens through %(provider)s") % context
    ),
    "email_confirmation_signup": write_signup_code,
    "email_confirmation": write_email_code,
    "login_code": write_login_code,
    "password_reset_code": write_reset_code,
    "account_already_exists": write_already_exists,
    "unknown_account": write_unknown,
    "email_changed": write_email_changed,
    "email_confirm": lambda _context: write_notice(_("An address of your Anyberry account was confirmed")),
    "email_deleted": lambda _context: write_notice(_("An address was removed from your Anyberry account")),
    "password_changed": lambda _context: write_notice(_("The password of your account was changed")),
    "password_reset": lambda _context: write_notice(_("The password of your account was changed")),
    "password_set": lambda _context: write_notice(_("Your account has a password now")),
    "account_closed": write_farewell,
    **{kind: partial(write_second_step, kind) for kind in SECOND_STEP},
}


def make_link(name: str) -> str:
    """The address of one of our pages. Never from the request: its host may be forged."""
    return settings.SITE_URL + reverse(name)
