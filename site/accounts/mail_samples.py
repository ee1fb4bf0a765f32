"""The letters about accounts, as the catalog of mails shows them."""

from dataclasses import asdict
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.emails import WRITERS, write_letter
from core.mailbook import register_template

CONTEXT = {
    "code": "K7QR-2MXP",
    "from_email": "anna@example.com",
    "to_email": "anna.berry@example.org",
    "provider": "Yandex",
}
TITLES = {
    "email_confirmation_signup": _("Code for a new account"),
    "email_confirmation": _("Code for an address"),
    "login_code": _("Code to sign in"),
    "password_reset_code": _("Code for a new password"),
}


def make_context(kind: str, language: str) -> dict[str, Any]:
    """What the template of all these letters gets."""
    return {"letter": asdict(write_letter(kind=kind, language=language, context=CONTEXT))}


def read_subject(kind: str) -> str:
    """What the letter is about, in the active language."""
    return write_letter(kind=kind, language=get_language() or settings.LANGUAGE_CODE, context=CONTEXT).subject


quote_subject = lazy(read_subject, str)

for kind in WRITERS:
    register_template(
        "account/letter",
        name=f"account/{kind}",
        title=TITLES.get(kind) or quote_subject(kind),
        make_context=partial(make_context, kind),
    )
