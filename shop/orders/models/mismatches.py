"""What does not match between providers, bills, orders and cheques, until it is settled."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models import Bill
from shop.orders.models.orders import Order


class MismatchQuerySet(models.QuerySet["Mismatch"]):
    """Mismatches as staff and jobs ask for them."""

    def open(self) -> Self:
        """Those that still wait for somebody."""
        return self.filter(settled_at=None)

    def owing(self) -> Self:
        """Those open ones for which a shopper's money has to go back."""
        return self.open().filter(kind__in=Mismatch.OWING)

    def locked(self) -> Self:
        """The rows locked, in key order; bill and order are locked before."""
        return self.order_by("pk").select_for_update(of=("self",))


class Mismatch(models.Model):
    """One thing that does not match: one open row for each kind and subject."""

    class Kind(models.TextChoices):
        PAID_LATE = "paid_late", _("paid after it was closed")
        PAID_TWICE = "paid_twice", _("paid twice")
        AMOUNT_DIFFERS = "amount_differs", _("another bill or sum at the provider")
        REFUND_DUE = "refund_due", _("refund failed")
        REFUND_STUCK = "refund_stuck", _("refund stuck")
        REFUND_UNKNOWN = "refund_unknown", _("refund we know nothing of")
        CHEQUE_STUCK = "cheque_stuck", _("cheque stuck")
        CHEQUE_MISSING = "cheque_missing", _("cheque missing")
        LETTER_STUCK = "letter_stuck", _("letter stuck")
        MAIL_REFUSED = "mail_refused", _("mail refused for good")
        BILL_UNKNOWN = "bill_unknown", _("bill we never made")
        BILL_MISSING = "bill_missing", _("bill the provider does not know")
        REFUSED = "refused", _("refused by the provider")
        OUT_OF_STEP = "out_of_step", _("out of step")

    class How(models.TextChoices):
        GONE = "gone", _("its cause is gone")
        BY_PERSON = "by_person", _("settled by a person")

    OWING = (Kind.PAID_LATE, Kind.REFUND_DUE)

    kind = models.CharField(_("what"), max_length=16, choices=Kind)
    subject = models.CharField(
        _("subject"),
        max_length=120,
        help_text=_("Which row it is about, as the program names it."),
    )
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="mismatches",
        null=True,
        blank=True,
        verbose_name=_("order"),
    )
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("bill")
    )
    amount = models.DecimalField(_("amount, ₽"), max_digits=12, decimal_places=2, null=True, blank=True)
    details = models.JSONField(_("what was found"), default=dict, blank=True)
    found_at = models.DateTimeField(_("since"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("taken up by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("settled by"),
    )
    how = models.CharField(_("how"), max_length=12, choices=How, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = MismatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("money mismatch")
        verbose_name_plural = _("money mismatches")
        ordering = ["found_at", "pk"]
        permissions = [("settle_money", "Can see and settle money that does not match")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(settled_at=None), name="mismatch_open_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, how="")
                | (Q(settled_at__isnull=False) & ~Q(how="")),
                name="mismatch_settled_says_how",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="mismatch_taken_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["found_at"], condition=Q(settled_at=None), name="mismatch_open"),
            models.Index(fields=["kind", "subject"], name="mismatch_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.order or self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.settled_at is None

    @property
    def is_taken(self) -> bool:
        """Whether somebody pressed the button and the outcome is awaited."""
        return self.is_open and self.taken_at is not None


class Reconciliation(models.Model):
    """One night's comparison of provider, bills, orders and cheques: how far it is, and what it found."""

    day = models.DateField(_("day"), unique=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    claimed_until = models.DateTimeField(_("being worked on until"), null=True, blank=True)
    cursor = models.UUIDField(_("asked up to"), null=True, blank=True)
    asked = models.PositiveIntegerField(_("bills asked about"), default=0)
    repaired = models.PositiveIntegerField(_("bills brought in step"), default=0)
    unasked = models.PositiveIntegerField(_("bills nobody answered about"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-day"]
        get_latest_by = "day"

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"
