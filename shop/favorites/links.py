"""Links in letters to people who wait for a berry: signed, each for one request, in its language."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from shop.favorites.models import Waiting

CONFIRM_SALT = "waiting.confirm"
LEAVE_SALT = "waiting.leave"
CONFIRM_SECONDS = 48 * 3600


def make_confirm_url(waiting: Waiting) -> str:
    """Where the address is confirmed; good for CONFIRM_SECONDS."""
    token = signing.TimestampSigner(salt=CONFIRM_SALT).sign(waiting.key.hex)
    return make_url("shop:waiting-confirm", waiting.language, token)


def make_leave_url(waiting: Waiting) -> str:
    """Where the request is withdrawn; good as long as the request is kept."""
    token = signing.Signer(salt=LEAVE_SALT).sign(waiting.key.hex)
    return make_url("shop:waiting-leave", waiting.language, token)


def make_url(name: str, language: str, *arguments: str) -> str:
    """The absolute address of one of our pages. Never from the request: its host may be forged."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=arguments)


def read_confirm_token(token: str) -> UUID | None:
    """Which request is confirmed; None for a token that is too old or not ours."""
    try:
        return UUID(signing.TimestampSigner(salt=CONFIRM_SALT).unsign(token, max_age=CONFIRM_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def read_leave_token(token: str) -> UUID | None:
    """Which request is withdrawn; None for a token that is not ours."""
    try:
        return UUID(signing.Signer(salt=LEAVE_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
