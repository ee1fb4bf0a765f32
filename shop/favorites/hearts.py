"""The favorites of the person asking, read once a request however many hearts a page draws."""

from collections.abc import Set as AbstractSet

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from shop.favorites.services import get_favorite_ids


def get_request_favorites(request: HttpRequest) -> AbstractSet[int]:
    """The ids of the visitor's favorite berries; none for guests, who cost no query."""
    known: AbstractSet[int] | None = getattr(request, "favorite_ids", None)
    if known is None:
        known = read_favorites(request)
        request.favorite_ids = known  # type: ignore[attr-defined]  # this module alone reads it
    return known


def read_favorites(request: HttpRequest) -> AbstractSet[int]:
    """The same, straight from the database."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return frozenset()
    user = getattr(request, "user", None)  # an error page may be drawn before anybody was asked for
    return get_favorite_ids(user) if isinstance(user, User) else frozenset()


def keep_favorites(request: HttpRequest, berry_ids: AbstractSet[int]) -> None:
    """Spare the hearts their question: this page has just read the list."""
    request.favorite_ids = berry_ids  # type: ignore[attr-defined]  # this module alone reads it


def forget_favorites(request: HttpRequest) -> None:
    """Read anew when asked next: the list was changed in this request."""
    request.__dict__.pop("favorite_ids", None)
