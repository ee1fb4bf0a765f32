"""What allauth asks us about accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.emails import post_letter
from accounts.models import User
from accounts.tries import FAILURE_SECONDS, refuse_too_often

LONGEST_ADDRESS = 254


class AccountAdapter(DefaultAccountAdapter):
    """New users keep the language of the page they registered on; letters are written in it."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002 -- allauth's signature
        """Store a new user."""
        user.language = get_current_language()
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error of that code; too many tries are no mistake in a form, but 429 and when to come back."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(refuse_too_often(allauth_context.request, seconds=FAILURE_SECONDS))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def clean_email(self, email: str) -> str:
        """The address; raises ValidationError for one longer than any mail server knows."""
        if len(email) > LONGEST_ADDRESS:
            raise ValidationError(_("Enter a valid email address."), code="invalid")
        cleaned: str = super().clean_email(email)
        return cleaned

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Have one letter sent after this request: nobody waits for a mail server, and none is lost."""
        if len(email) > LONGEST_ADDRESS:  # forms that don't ask us let it pass; nobody has such an address
            return
        reader = User.objects.filter(email__iexact=email).only("language").first()
        post_letter(
            kind=template_prefix.rsplit("/", 1)[-1],
            to=email,
            language=reader.language if reader else get_current_language(),
            context=context,
        )


def get_current_language() -> str:
    """The language of the page, as users store it."""
    code = (get_language() or settings.LANGUAGE_CODE)[:2]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
