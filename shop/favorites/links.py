"""Links in letters to people who wait for a berry: signed, each for one request, in its language."""

from uuid import UUID

from django.core import signing

from core.links import make_url, read_confirmation, sign_confirmation
from shop.favorites.models import Waiting

CONFIRM_SALT = "waiting.confirm"
LEAVE_SALT = "waiting.leave"


def make_confirm_url(waiting: Waiting) -> str:
    """Where the address is confirmed, for as long as such links are good."""
    token = sign_confirmation(waiting.key, salt=CONFIRM_SALT)
    return make_url("shop:waiting-confirm", waiting.language, token)


def make_leave_url(waiting: Waiting) -> str:
    """Where the request is withdrawn; good as long as the request is kept."""
    token = signing.Signer(salt=LEAVE_SALT).sign(waiting.key.hex)
    return make_url("shop:waiting-leave", waiting.language, token)


def read_confirm_token(token: str) -> UUID | None:
    """Which request is confirmed; None for a token that is too old or not ours."""
    return read_confirmation(token, salt=CONFIRM_SALT)


def read_leave_token(token: str) -> UUID | None:
    """Which request is withdrawn; None for a token that is not ours."""
    try:
        return UUID(signing.Signer(salt=LEAVE_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
