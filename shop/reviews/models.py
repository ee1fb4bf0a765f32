"""What buyers say about berries."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Avg, Count, Q, Window
from django.utils.translation import gettext_lazy as _

from core.opinions import Opinion
from shop.catalog.models import Berry

BEST = 5


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews as pages ask for them."""

    def with_rating(self) -> Self:
        """Each row with `average` and `number` of all the rows asked for, whatever part is read."""
        return self.annotate(average=Window(Avg("rating")), number=Window(Count("pk")))


class Review(Opinion):
    """A buyer's mark and words for one berry, one a person."""

    berry = models.ForeignKey(
        Berry, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("berry")
    )
    rating = models.PositiveSmallIntegerField(
        _("mark"), validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )

    average: float  # these two only on rows from with_rating()
    number: int

    objects = ReviewQuerySet.as_manager()

    class Meta(Opinion.Meta):
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["user", "berry"], name="review_once_a_berry"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=BEST), name="review_rating_1_to_5"),
        ]
        indexes = [
            models.Index(
                fields=["berry", "-created_at"], condition=Q(status="published"), name="review_published"
            )
        ]
