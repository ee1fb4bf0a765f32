"""Links in letters: absolute, in the reader's language, and signed where whoever opens them is believed."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

# How long a link to confirm an address is good.
CONFIRM_SECONDS = 48 * 3600


def make_url(name: str, language: str, *arguments: str) -> str:
    """The absolute address of one of our pages. Never from the request: its host may be forged."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=arguments)


def sign_confirmation(key: UUID, *, salt: str) -> str:
    """A token that is good for CONFIRM_SECONDS; `salt` says what is confirmed."""
    return signing.TimestampSigner(salt=salt).sign(key.hex)


def read_confirmation(token: str, *, salt: str) -> UUID | None:
    """The key that was signed; None for a token that is too old or not ours."""
    try:
        return UUID(signing.TimestampSigner(salt=salt).unsign(token, max_age=CONFIRM_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
