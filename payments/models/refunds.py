"""Money given back."""

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import Money
from payments.models.asking import AskedQuerySet
from payments.models.bills import Bill


class RefundQuerySet(AskedQuerySet["Refund"]):
    """Which refunds need what, and how much they are."""

    def counting(self) -> Self:
        """Refunds whose money has gone back or may still go."""
        return self.exclude(status="failed")

    def done(self) -> Self:
        """Refunds whose money has gone back."""
        return self.filter(status="done")

    def get_total(self) -> Decimal:
        """The sum of all of them."""
        return self.aggregate(total=Sum("amount"))["total"] or Decimal()


class Refund(models.Model):
    """Money given back of one paid bill: through its provider, or by hand. Its id is the provider's key."""

    class Status(models.TextChoices):
        """Where a refund stands; `requested` is not yet known to the provider."""

        REQUESTED = "requested", _("being prepared")
        PENDING = "pending", _("under way")
        DONE = "done", _("given back")
        FAILED = "failed", _("failed")

    id = models.UUIDField(_("refund number"), primary_key=True, default=uuid.uuid4, editable=False)
    bill = models.ForeignKey(Bill, verbose_name=_("bill"), on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(
        _("key"), max_length=100, unique=True, help_text=_("Who asks twice with one key gets one refund.")
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.REQUESTED)
    by_hand = models.BooleanField(
        _("by hand"), default=False, help_text=_("Given back outside the provider, e.g. by a bank transfer.")
    )
    external_id = models.CharField(
        _("number at the provider"), max_length=200, blank=True, help_text=_("By hand: of the transfer.")
    )
    reason = models.CharField(_("reason"), max_length=200)
    receipt = models.JSONField(_("receipt"), null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    failure = models.CharField(_("why it failed"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(
        _("first sent at"), null=True, blank=True, help_text=_("Set before the provider is called.")
    )
    checked_at = models.DateTimeField(_("last checked at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=("requested", "pending", "done", "failed")), name="refund_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("done", "failed"), finished_at__isnull=False)
                | Q(status__in=("requested", "pending"), finished_at=None),
                name="refund_finished_has_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(by_hand=False) | (Q(status="done") & ~Q(external_id="")),
                name="refund_by_hand_is_done_and_named",
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=Q(status__in=("requested", "pending")),
                name="refund_unfinished_idx",
            ),
        )

    def __str__(self) -> str:
        """Name the refund by its id."""
        return str(self.pk)

    @property
    def money(self) -> Money:
        """The sum with its currency."""
        return Money(self.amount, self.bill.currency)

    @property
    def is_final(self) -> bool:
        """Whether nothing can change it any more."""
        return self.status in {self.Status.DONE, self.Status.FAILED}
