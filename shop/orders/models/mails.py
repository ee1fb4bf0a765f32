"""Mails about orders: each is one row, claimed, sent once, marked."""

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models import Refund
from shop.orders.models.orders import Order

OVERDUE_AFTER = timedelta(minutes=1)
STUCK_AFTER = timedelta(minutes=10)
# A mail server may be away for a while; after this long a person should know.
LATE_AFTER = timedelta(hours=1)

AnyMail = TypeVar("AnyMail", bound="OrderMail")


class OrderMailQuerySet(models.QuerySet[AnyMail]):
    """Which mails need what."""

    def overdue(self, now: datetime) -> Self:
        """Mails that nobody took up: their task got lost."""
        return self.filter(status="pending", created_at__lte=now - OVERDUE_AFTER)

    def stuck(self, now: datetime) -> Self:
        """Mails of which nobody knows whether they were sent: a worker died on them."""
        return self.filter(status="sending", claimed_at__lte=now - STUCK_AFTER)

    def late(self, now: datetime) -> Self:
        """Mails that no mail server took for an hour."""
        return self.filter(status="pending", created_at__lte=now - LATE_AFTER)


class OrderMail(models.Model):
    """What all mails about orders have: who holds them, and whether they went out."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")

    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="%(class)s_sent_has_a_time",
            ),
        ]


class Cheque(OrderMail):
    """The e-mail receipt of a paid order."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="cheque", verbose_name=_("order")
    )

    objects = OrderMailQuerySet["Cheque"].as_manager()

    class Meta(OrderMail.Meta):
        verbose_name = _("cheque")
        verbose_name_plural = _("cheques")

    def __str__(self) -> str:
        return str(self.order)


class Letter(OrderMail):
    """A mail about money that goes back: it will (once an order), or it went (once a refund)."""

    class Kind(models.TextChoices):
        REFUND_DUE = "refund_due", _("the money will be returned")
        REFUNDED = "refunded", _("the money was returned")

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="letters", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("refund")
    )

    objects = OrderMailQuerySet["Letter"].as_manager()

    class Meta(OrderMail.Meta):
        verbose_name = _("letter about money")
        verbose_name_plural = _("letters about money")
        constraints = [
            *OrderMail.Meta.constraints,
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="refund_due"), name="letter_due_once_an_order"
            ),
            models.CheckConstraint(
                condition=Q(kind="refund_due", refund=None) | Q(kind="refunded", refund__isnull=False),
                name="letter_refunded_names_its_refund",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_kind_display()}"
