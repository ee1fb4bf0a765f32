"""What a pack costs: its own price, a sale with dates, and markdowns as its lot grows old.

The price of a pack follows the lot that is sold next (first expired, first out), so a pack has one price at a
time, in every cart. A sale and a markdown do not add up: the lower of the two is paid. The old price is shown
only where it was really asked for, `HONEST` long before the lower one began.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import round_money

HONEST = timedelta(days=7)
LEAST_PRICE = Decimal("0.01")
MOST_PERCENT = 90


class DaysBetween(models.Func):
    """How many days the first date is after the second one."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = models.IntegerField()


class PriceReason(models.TextChoices):
    """Why a pack costs less than usual."""

    SALE = "sale", _("sale")
    MARKDOWN = "markdown", _("best before soon")


class Markdown(models.Model):
    """A step of the markdown: lots with no more than so many days left cost so many percent less."""

    days_left = models.PositiveSmallIntegerField(
        _("days left"),
        unique=True,
        validators=[MaxValueValidator(60)],
        help_text=_("Until the best-before date; 0 is its last day. The nearest step counts."),
    )
    percent = models.PositiveSmallIntegerField(
        _("percent off"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PERCENT)]
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("markdown")
        verbose_name_plural = _("markdowns")
        ordering = ["-days_left"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=MOST_PERCENT), name="markdown_percent_sane"
            ),
        ]

    def __str__(self) -> str:
        return _("%(days)s days left: −%(percent)s%%") % {"days": self.days_left, "percent": self.percent}


@dataclass(frozen=True, slots=True)
class Price:
    """What one pack costs now: `old` is the price to strike out, `until` when it certainly holds no more."""

    amount: Decimal
    old: Decimal | None = None
    reason: str = ""
    until: datetime | None = None


class Priced(models.Model):
    """Something with a price, a sale and a floor.

    `special_price` is what lists are sorted and filtered by while it is not the usual price; it is brought up
    to date by `shop.catalog.repricing` and never charged.
    """

    price = models.DecimalField(
        _("price, ₽"), max_digits=10, decimal_places=2, validators=[MinValueValidator(LEAST_PRICE)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="RUB", editable=False)
    price_since = models.DateTimeField(_("price asked since"), default=timezone.now, editable=False)
    sale_price = models.DecimalField(
        _("sale price, ₽"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_PRICE)],
    )
    sale_from = models.DateTimeField(_("sale from"), null=True, blank=True)
    sale_until = models.DateTimeField(_("sale until"), null=True, blank=True)
    lowest_price = models.DecimalField(
        _("lowest price, ₽"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_PRICE)],
        help_text=_("No markdown goes below it. Empty: as low as the markdowns say."),
    )
    special_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, editable=False)

    # Only where `with_next_lot()` was asked for: the step that the lot sold next has come to.
    next_best_before: date | None
    next_percent: int | None
    next_step: int | None

    class Meta:
        abstract = True

    def get_price(self, now: datetime) -> Price:
        """What it costs at that moment; it comes from `with_next_lot()`."""
        lower = [price for price in (self._get_sale(now), self._get_markdown()) if price]
        return min(lower, key=lambda price: price.amount, default=Price(self.price))

    def _get_sale(self, now: datetime) -> Price | None:
        if self.sale_price is None or self.sale_from is None or self.sale_until is None:
            return None
        if not self.sale_from <= now < self.sale_until:
            return None
        return Price(self.sale_price, self._get_old(self.sale_from), PriceReason.SALE, self.sale_until)

    def _get_markdown(self) -> Price | None:
        """The lower price of the lot sold next; it holds for today, as tomorrow's may be lower still."""
        if self.next_percent is None or self.next_step is None or self.next_best_before is None:
            return None
        amount = round_money(self.price * (100 - self.next_percent) / 100)
        amount = max(amount, self.lowest_price or LEAST_PRICE)
        if amount >= self.price:
            return None
        began = start_day(self.next_best_before - timedelta(days=self.next_step))
        midnight = start_day(timezone.localdate() + timedelta(days=1))
        return Price(amount, self._get_old(began), PriceReason.MARKDOWN, midnight)

    def _get_old(self, began: datetime) -> Decimal | None:
        return self.price if self.price_since <= began - HONEST else None


PRICE_RULES = [
    models.CheckConstraint(condition=Q(price__gt=0), name="pack_price_positive"),
    models.CheckConstraint(condition=Q(currency="RUB"), name="pack_currency_rub"),
    models.CheckConstraint(
        condition=Q(sale_price=None, sale_from=None, sale_until=None)
        | Q(sale_price__isnull=False, sale_from__isnull=False, sale_until__isnull=False),
        name="pack_sale_has_dates",
        violation_error_message=_("A sale needs a price, a beginning and an end."),
    ),
    models.CheckConstraint(
        condition=Q(sale_price=None) | Q(sale_price__gt=0, sale_price__lt=F("price")),
        name="pack_sale_is_lower",
        violation_error_message=_("The sale price is lower than the price."),
    ),
    models.CheckConstraint(
        condition=Q(sale_until=None) | Q(sale_until__gt=F("sale_from")),
        name="pack_sale_dates_in_order",
        violation_error_message=_("A sale ends after it begins."),
    ),
    models.CheckConstraint(
        condition=Q(lowest_price=None) | Q(lowest_price__gt=0), name="pack_lowest_price_positive"
    ),
]


def start_day(day: date) -> datetime:
    """The midnight at which a day of the shop begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def shown_price(prefix: str = "") -> Coalesce:
    """What lists are sorted and filtered by, as an expression that an index knows."""
    return Coalesce(f"{prefix}special_price", f"{prefix}price")
