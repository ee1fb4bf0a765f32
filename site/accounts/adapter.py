"""What allauth asks us about accounts."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.emails import build_letter
from accounts.models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """New users keep the language of the page they registered on; letters are written in it."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002 -- allauth's signature
        """Store a new user."""
        user.language = get_current_language()
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one letter. A mail server that is away is told to the visitor, whoever they are."""
        reader = User.objects.filter(email__iexact=email).only("language").first()
        letter = build_letter(
            kind=template_prefix.rsplit("/", 1)[-1],
            to=email,
            language=reader.language if reader else get_current_language(),
            context=context,
        )
        try:
            letter.send()
        except (SMTPException, OSError):
            logger.exception("A letter about an account could not be sent")
            messages.error(
                self.request, _("The letter could not be sent. Please try again in a few minutes.")
            )


def get_current_language() -> str:
    """The language of the page, as users store it."""
    code = (get_language() or settings.LANGUAGE_CODE)[:2]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
