"""Bills and everything providers ever said about them."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import Money

# How long a request to open a bill may still be under way after it began. Until then
# "the provider doesn't know this bill" proves nothing: our own request may yet arrive.
OPENING_SETTLES_AFTER = timedelta(minutes=2)
# Pauses of the periodic questions about an open bill: first, second, every further one.
CHECK_PAUSES = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15))
# A bill past its time is asked about this often until the provider gives a final answer.
EXPIRED_CHECK_PAUSE = timedelta(minutes=1)
# A provider's expiry lags; after this long we close the bill there ourselves.
EXPIRY_GRACE = timedelta(minutes=30)


class BillQuerySet(models.QuerySet["Bill"]):
    """Which bills need what."""

    def open(self) -> Self:
        """Bills that may still be paid in the ordinary way."""
        return self.filter(status__in=Bill.OPEN_STATUSES)

    def locked(self, bill_id: uuid.UUID) -> "Bill":
        """The bill, its row locked until the transaction ends. Raises Bill.DoesNotExist."""
        return self.select_for_update(of=("self",)).get(pk=bill_id)

    def needing_opening(self, now: datetime) -> Self:
        """Bills the provider should know and may not: the inline call or its task got lost."""
        untried = Q(opening_at=None, created_at__lte=now - timedelta(seconds=15))
        tried = Q(opening_at__lte=now - timedelta(minutes=1))
        return self.filter(untried | tried, status="created", reject_requested_at=None, expires_at__gt=now)

    def needing_check(self, now: datetime) -> Self:
        """Bills to ask the provider about: open and without news, past their time, or with unread news."""
        first, second, further = CHECK_PAUSES
        unasked = Q(checked_at=None, opened_at__lte=now - first)
        asked_once = Q(checked_at__lte=now - second, checked_at__lt=F("opened_at") + second)
        asked_often = Q(checked_at__lte=now - further)
        not_asked_lately = Q(checked_at=None) | Q(checked_at__lte=now - EXPIRED_CHECK_PAUSE)
        past_its_time = Q(expires_at__lte=now) & not_asked_lately
        unread = BillEvent.objects.filter(
            bill=OuterRef("pk"), processed_at=None, received_at__lte=now - timedelta(minutes=1)
        )
        is_open = Q(status__in=Bill.OPEN_STATUSES)
        due = unasked | asked_once | asked_often | past_its_time
        return self.filter((is_open & due) | Q(Exists(unread)))

    def needing_reject(self, now: datetime) -> Self:
        """Bills somebody asked to reject (or that long outlived their time) and that are still open."""
        asked = Q(reject_requested_at__lte=now - timedelta(seconds=30))
        overdue = Q(expires_at__lte=now - EXPIRY_GRACE, status="waiting")
        return self.open().filter(asked | overdue)


class Bill(models.Model):
    """A demand for one sum of money, opened at one provider. Its id is the provider's bill id."""

    class Status(models.TextChoices):
        """Where a bill stands; `created` is not yet known to the provider."""

        CREATED = "created", _("being prepared")
        WAITING = "waiting", _("waiting for payment")
        PAID = "paid", _("paid")
        REJECTED = "rejected", _("rejected")
        EXPIRED = "expired", _("expired")

    OPEN_STATUSES: ClassVar[tuple[str, ...]] = ("created", "waiting")

    id = models.UUIDField(_("bill number"), primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(_("provider"), max_length=32)
    account = models.CharField(
        _("account at the provider"),
        max_length=100,
        blank=True,
        help_text=_("Our account at the provider (QIWI: siteId)."),
    )
    external_id = models.CharField(_("number at the provider"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.CREATED)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    comment = models.CharField(_("comment"), max_length=255, blank=True)
    pay_url = models.URLField(_("address to pay at"), max_length=2000, blank=True)
    return_url = models.URLField(_("address to return to"), max_length=2000, blank=True)
    receipt = models.JSONField(
        _("receipt"), null=True, blank=True, help_text=_("Lines of the fiscal receipt (54-FZ).")
    )
    expires_at = models.DateTimeField(_("pay until"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    opening_at = models.DateTimeField(
        _("last tried to open at"), null=True, blank=True, help_text=_("Set before the provider is called.")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    status_changed_at = models.DateTimeField(_("status changed at"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last checked at"), null=True, blank=True)
    reject_requested_at = models.DateTimeField(_("rejection requested at"), null=True, blank=True)
    overruled = models.BooleanField(
        _("paid after it was closed"), default=False, help_text=_("Money overruled a rejection or expiry.")
    )

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="bill_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=("created", "waiting", "paid", "rejected", "expired")),
                name="bill_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="paid", paid_at__isnull=False) | (~Q(status="paid") & Q(paid_at=None)),
                name="bill_paid_has_paid_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="waiting") | Q(opened_at__isnull=False), name="bill_waiting_was_opened"
            ),
            models.CheckConstraint(
                condition=Q(overruled=False) | Q(status="paid"), name="bill_overruled_is_paid"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="bill_expires_after_creation"
            ),
            models.UniqueConstraint(
                fields=("provider", "external_id"),
                condition=~Q(external_id=""),
                name="bill_external_id_unique",
            ),
        )
        indexes = (
            models.Index(
                fields=("status", "expires_at"),
                condition=Q(status__in=("created", "waiting")),
                name="bill_open_idx",
            ),
        )

    def __str__(self) -> str:
        """Name the bill by its id."""
        return str(self.pk)

    @property
    def money(self) -> Money:
        """The sum with its currency."""
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether it may still be paid in the ordinary way."""
        return self.status in self.OPEN_STATUSES

    @property
    def is_final(self) -> bool:
        """Whether only money can still change it."""
        return not self.is_open

    @property
    def can_be_paid(self) -> bool:
        """Whether a payer may be sent to its page: open at the provider, and nobody rejected it."""
        return bool(self.status == "waiting" and self.pay_url and self.reject_requested_at is None)


class BillEvent(models.Model):
    """One message of a provider, kept without personal data, never changed but for its result."""

    class Source(models.TextChoices):
        """How the message reached us."""

        WEBHOOK = "webhook", _("notification")
        POLL = "poll", _("our question")
        API = "api", _("answer to our request")

    class Result(models.TextChoices):
        """What we did with it."""

        NONE = "", _("not read yet")
        APPLIED = "applied", _("changed the bill")
        UNCHANGED = "unchanged", _("nothing new")
        IGNORED = "ignored", _("not a legal change")
        MISMATCH = "mismatch", _("does not match the bill")
        UNKNOWN_BILL = "unknown_bill", _("no such bill")
        UNKNOWN_STATUS = "unknown_status", _("unknown status")
        REFUSED = "refused", _("the provider refused")
        NOT_FOUND = "not_found", _("the provider knows no such bill")

    # What a person has to look at.
    ALARMS: ClassVar[tuple[str, ...]] = (
        "mismatch",
        "unknown_bill",
        "unknown_status",
        "refused",
        "not_found",
    )

    provider = models.CharField(_("provider"), max_length=32)
    bill = models.ForeignKey(
        Bill, verbose_name=_("bill"), null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    external_id = models.CharField(_("number at the provider"), max_length=200)
    source = models.CharField(_("source"), max_length=16, choices=Source)
    dedupe_key = models.CharField(_("fingerprint"), max_length=100)
    payload = models.JSONField(_("message"), encoder=DjangoJSONEncoder, default=dict)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    processed_at = models.DateTimeField(_("read at"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=16, choices=Result, blank=True, default=Result.NONE)
    detail = models.TextField(_("details"), blank=True)

    class Meta:
        verbose_name = _("bill event")
        verbose_name_plural = _("bill events")
        ordering = ("-received_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("provider", "dedupe_key"), name="bill_event_once"),
            models.CheckConstraint(
                condition=Q(source__in=("webhook", "poll", "api")), name="bill_event_source_known"
            ),
        )
        indexes = (
            models.Index(
                fields=("received_at",), condition=Q(processed_at=None), name="bill_event_unread_idx"
            ),
        )

    def __str__(self) -> str:
        """Name the event by what it is about and when it came."""
        return f"{self.source} {self.external_id} {self.received_at:%Y-%m-%d %H:%M:%S}"
