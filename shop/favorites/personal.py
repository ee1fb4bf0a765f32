"""What favorites keep of a shopper: a copy for them, and what is forgotten when they leave."""

from typing import Any

from accounts.models import User
from shop.favorites.models import Favorite, Waiting


def copy_favorites(user: User) -> list[dict[str, Any]]:
    """The berries on the wish list."""
    rows = Favorite.objects.filter(user=user).values("berry__kind_ru", "berry__variety_ru", "created_at")
    return [dict(row) for row in rows]


def copy_waiting(user: User) -> list[dict[str, Any]]:
    """The berries they asked to be told about."""
    names = (
        "berry__kind_ru",
        "berry__variety_ru",
        "moment",
        "status",
        "asked_at",
        "confirmed_at",
        "ended_at",
    )
    return list(Waiting.objects.for_email(user.email).values(*names))


def forget_wishes(user: User) -> None:
    """Remove the wish list, and write about no berry any more."""
    Favorite.objects.filter(user=user).delete()
    Waiting.objects.for_email(user.email).delete()
