"""What reviews keep of a buyer: a copy for them, and what is forgotten when they leave."""

from typing import Any

from accounts.models import User
from shop.reviews.models import Review


def copy_reviews(user: User) -> list[dict[str, Any]]:
    """What they said about berries."""
    names = ("berry__kind_ru", "berry__variety_ru", "rating", "text", "status", "answer", "created_at")
    return list(Review.objects.filter(user=user).values(*names))


def forget_reviews(user: User) -> None:
    """Remove what they said."""
    Review.objects.filter(user=user).delete()
