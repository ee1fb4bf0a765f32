"""Who may review a berry, and how reviews are written, changed and counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.limits import check_rate
from shop.catalog.models import Berry
from shop.delivery.models import Delivery
from shop.orders.models import OrderLine
from shop.reviews.models import Review

MOST_REVIEWS = 10
WINDOW_SECONDS = 3600
SHOWN = 20
BOUGHT = ("paid", "in_delivery", "delivered")


class NotBought(Exception):
    """Only those who bought a berry may review it."""


@dataclass(frozen=True, slots=True)
class Reputation:
    """What buyers say of one berry: the average of all published marks, their number, the newest words."""

    average: float
    number: int
    reviews: Sequence[Review]


def load_reputation(berry_id: int) -> Reputation | None:
    """Marks and words that a moderator let through; None where there are none. One query."""
    rows = Review.objects.filter(berry=berry_id, status=Review.Status.PUBLISHED)
    reviews = list(rows.with_rating().select_related("user")[:SHOWN])
    if not reviews:
        return None
    return Reputation(float(reviews[0].average), reviews[0].number, reviews)


def has_bought(user: User, berry_id: int) -> bool:
    """Whether an order of the user with the berry was paid, and is not called off or given back."""
    lines = OrderLine.objects.filter(order__user=user, order__status__in=BOUGHT, pack__berry=berry_id)
    return lines.exclude(order__delivery__status=Delivery.Status.CANCELED).exists()


@transaction.atomic
def save_review(*, user: User, berry: Berry, rating: int, text: str, language: str) -> Review:
    """Store the user's review of the berry, or other words in place of the first ones, for a moderator.

    Raises NotBought or TooOften, and then stores nothing. The same mark and words change nothing.
    """
    if not has_bought(user, berry.pk):
        raise NotBought
    known = Review.objects.select_for_update().filter(user=user, berry=berry).first()
    if known and (known.rating, known.text) == (rating, text):
        return known
    check_rate("review", user.pk, most=MOST_REVIEWS, seconds=WINDOW_SECONDS)
    values = {"rating": rating, "text": text, "language": language, "status": Review.Status.WAITING}
    review, _created = Review.objects.update_or_create(
        user=user, berry=berry, defaults=values | {"changed_at": timezone.now()}
    )
    return review


def remove_review(*, user: User, berry_id: int) -> bool:
    """Take the user's review back; whether there was one."""
    removed, _by_model = Review.objects.filter(user=user, berry=berry_id).delete()
    return bool(removed)
