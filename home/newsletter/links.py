"""Links in letters: signed, each for one subscriber, in the subscriber's language."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from home.newsletter.models import Subscriber

CONFIRM_SALT = "newsletter.confirm"
UNSUBSCRIBE_SALT = "newsletter.unsubscribe"
CONFIRM_SECONDS = 48 * 3600


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose link it is, and in a letter of which mailing it stood (None: in none)."""

    key: UUID
    mailing_id: int | None


def make_confirm_url(subscriber: Subscriber) -> str:
    """Where the subscriber confirms; good for CONFIRM_SECONDS."""
    token = signing.TimestampSigner(salt=CONFIRM_SALT).sign(subscriber.key.hex)
    return make_url("home:newsletter-confirm", subscriber.language, token)


def make_unsubscribe_url(subscriber: Subscriber, *, mailing_id: int | None = None) -> str:
    """Where the subscriber leaves; good for ever."""
    token = signing.Signer(salt=UNSUBSCRIBE_SALT).sign(f"{subscriber.key.hex}-{mailing_id or 0}")
    return make_url("home:newsletter-unsubscribe", subscriber.language, token)


def make_url(name: str, language: str, *arguments: str) -> str:
    """The absolute address of one of our pages. Never from the request: its host may be forged."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=arguments)


def read_confirm_token(token: str) -> UUID | None:
    """Whose confirmation it is; None for a token that is too old or not ours."""
    try:
        return UUID(signing.TimestampSigner(salt=CONFIRM_SALT).unsign(token, max_age=CONFIRM_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def read_unsubscribe_token(token: str) -> Ticket | None:
    """Who wants to leave; None for a token that is not ours."""
    try:
        key, _dash, mailing_id = signing.Signer(salt=UNSUBSCRIBE_SALT).unsign(token).partition("-")
        return Ticket(UUID(key), int(mailing_id) or None)
    except (signing.BadSignature, ValueError):
        return None
