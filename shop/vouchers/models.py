"""Vouchers: what a code gives, to whom and how often; and every use of one.

A voucher knows nothing of orders: a use names its order by number, as movements of stock do.
"""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from shop.vouchers.codes import MAX_LENGTH, CodeField

MOST_PERCENT = 100
# An order counts as bought as long as it is to be brought: one that was given up or called off is no first
# order. Nothing is brought of an order exactly while its delivery is canceled.
BOUGHT = ("waiting", "packing", "handed_over", "on_the_way", "delivered", "failed")


class VoucherQuerySet(models.QuerySet["Voucher"]):
    """Vouchers as orders and managers ask for them."""

    def locked(self) -> Self:
        """The rows, locked until the transaction ends: who counts a use is alone with it."""
        return self.order_by("pk").select_for_update(of=("self",))

    def with_savings(self) -> Self:
        """Each voucher with `saved`: what its uses that count took off, in roubles."""
        uses = VoucherUse.objects.counting().filter(voucher=OuterRef("pk")).order_by().values("voucher")
        return self.annotate(
            saved=Coalesce(Subquery(uses.annotate(sum=Sum("amount")).values("sum")), Decimal(0))
        )


class Voucher(models.Model):
    """A code and what it gives. `used` counts the orders that hold a use of it."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("percent off the berries")
        SUM = "sum", _("roubles off the berries")
        FREE_DELIVERY = "free_delivery", _("free delivery")

    code = CodeField(
        _("code"),
        max_length=MAX_LENGTH,
        unique=True,
        help_text=_("Letters and digits. Shoppers need not mind case, spaces and look-alike letters."),
    )
    kind = models.CharField(_("what it gives"), max_length=13, choices=Kind)
    value = models.DecimalField(
        _("percent or roubles"),
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Nothing for free delivery."),
    )
    min_total = models.DecimalField(
        _("berries for at least, ₽"),
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    starts_at = models.DateTimeField(_("valid from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    max_uses = models.PositiveIntegerField(
        _("orders in all"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    max_uses_each = models.PositiveIntegerField(
        _("orders of one shopper"), null=True, blank=True, default=1, help_text=_("Empty: as many as come.")
    )
    first_order_only = models.BooleanField(_("first order only"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.CharField(_("what it is for"), max_length=200, blank=True)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    saved: Decimal  # only from with_savings()

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=""),
                name="voucher_has_a_code",
                violation_error_message=_("A code has letters or digits."),
            ),
            models.CheckConstraint(
                condition=Q(kind="percent", value__gt=0, value__lte=MOST_PERCENT)
                | Q(kind="sum", value__gt=0)
                | Q(kind="free_delivery", value=0),
                name="voucher_value_fits_kind",
                violation_error_message=_(
                    "Percents are from 0 to 100, roubles more than 0, and free delivery has neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(used__lte=F("max_uses")),
                name="voucher_used_within_limit",
                violation_error_message=_("It was used more often already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="voucher_dates_in_order",
                violation_error_message=_("It ends after it begins."),
            ),
            models.CheckConstraint(condition=Q(min_total__gte=0), name="voucher_min_total_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code

    def is_over(self, now: datetime) -> bool:
        """Whether its last moment has passed."""
        return self.ends_at is not None and now >= self.ends_at

    def is_early(self, now: datetime) -> bool:
        """Whether its first moment is still to come."""
        return self.starts_at is not None and now < self.starts_at


class VoucherUseQuerySet(models.QuerySet["VoucherUse"]):
    """Uses as counts ask for them."""

    def counting(self) -> Self:
        """Those whose orders go on; of orders given up, they were given back."""
        return self.filter(returned_at=None)


class VoucherUse(models.Model):
    """One order's use of a voucher. Given back while the order is given up, and never deleted."""

    voucher = models.ForeignKey(
        Voucher, on_delete=models.PROTECT, related_name="uses", verbose_name=_("voucher")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="voucher_uses",
        verbose_name=_("shopper"),
    )
    reference = models.CharField(_("order"), max_length=12, unique=True)
    amount = models.DecimalField(_("taken off, ₽"), max_digits=12, decimal_places=2)
    at = models.DateTimeField(_("at"), default=timezone.now)
    returned_at = models.DateTimeField(_("given back"), null=True, blank=True)

    objects = VoucherUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a voucher")
        verbose_name_plural = _("uses of vouchers")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["voucher", "user"], condition=Q(returned_at=None), name="voucher_use_counting"
            )
        ]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="voucher_use_not_negative")]

    def __str__(self) -> str:
        return f"{self.voucher_id}, {self.reference}"


def count_uses(*, voucher: str, user: str) -> Coalesce:
    """How often the user that a row names has used the voucher it names, as an expression for the row."""
    uses = VoucherUse.objects.counting().filter(voucher=OuterRef(voucher), user=OuterRef(user))
    numbers = uses.order_by().values("voucher").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers), 0)


def has_ordered(*, user: str) -> Exists:
    """Whether the user that a row names has an order that goes on or came, as an expression for the row."""
    return Exists(User.objects.filter(pk=OuterRef(user), orders__delivery__status__in=BOUGHT))
