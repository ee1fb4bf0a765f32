"""Links in letters: signed, each for one subscriber, in the subscriber's language."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from core.links import make_url, read_confirmation, sign_confirmation
from home.newsletter.models import Subscriber

CONFIRM_SALT = "newsletter.confirm"
UNSUBSCRIBE_SALT = "newsletter.unsubscribe"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose link it is, and in a letter of which mailing it stood (None: in none)."""

    key: UUID
    mailing_id: int | None


def make_confirm_url(subscriber: Subscriber) -> str:
    """Where the subscriber confirms, for as long as such links are good."""
    token = sign_confirmation(subscriber.key, salt=CONFIRM_SALT)
    return make_url("home:newsletter-confirm", subscriber.language, token)


def make_unsubscribe_url(subscriber: Subscriber, *, mailing_id: int | None = None) -> str:
    """Where the subscriber leaves; good for ever."""
    token = signing.Signer(salt=UNSUBSCRIBE_SALT).sign(f"{subscriber.key.hex}-{mailing_id or 0}")
    return make_url("home:newsletter-unsubscribe", subscriber.language, token)


def read_confirm_token(token: str) -> UUID | None:
    """Whose confirmation it is; None for a token that is too old or not ours."""
    return read_confirmation(token, salt=CONFIRM_SALT)


def read_unsubscribe_token(token: str) -> Ticket | None:
    """Who wants to leave; None for a token that is not ours."""
    try:
        key, _dash, mailing_id = signing.Signer(salt=UNSUBSCRIBE_SALT).unsign(token).partition("-")
        return Ticket(UUID(key), int(mailing_id) or None)
    except (signing.BadSignature, ValueError):
        return None
