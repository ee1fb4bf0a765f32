"""Mails about orders: each is one row, claimed, sent once, marked; and a copy of each as it went out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.posted import Posted, PostedQuerySet
from payments.models import Refund
from shop.orders.models.orders import Order


class OrderMail(Posted):
    """What all mails about orders have."""

    class Meta(Posted.Meta):
        abstract = True


class Cheque(OrderMail):
    """The e-mail receipt of a paid order."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="cheque", verbose_name=_("order")
    )

    objects = PostedQuerySet["Cheque"].as_manager()

    class Meta(OrderMail.Meta):
        verbose_name = _("cheque")
        verbose_name_plural = _("cheques")

    def __str__(self) -> str:
        return str(self.order)


class Letter(OrderMail):
    """A mail about a step of an order, or about money that goes back: once an order, kind and reference."""

    class Kind(models.TextChoices):
        REFUND_DUE = "refund_due", _("the money will be returned")
        REFUNDED = "refunded", _("the money was returned")
        HANDED_OVER = "handed_over", _("handed over to the courier")
        ON_THE_WAY = "on_the_way", _("on the way")
        DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
        DELIVERY_FAILED = "delivery_failed", _("could not be delivered")
        SLOT_CHANGED = "slot_changed", _("another time of delivery")
        CANCELED = "canceled", _("the order is canceled")
        PAYMENT_RETURNED = "payment_returned", _("a payment was returned")
        COMPLAINT_RECEIVED = "complaint_received", _("complaint received")
        COMPLAINT_ANSWERED = "complaint_answered", _("complaint answered")

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="letters", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("refund")
    )
    reference = models.CharField(
        _("reference"), max_length=60, blank=True, help_text=_("Tells letters of one kind and order apart.")
    )
    details = models.JSONField(_("what it tells"), default=dict, blank=True)

    objects = PostedQuerySet["Letter"].as_manager()

    class Meta(OrderMail.Meta):
        verbose_name = _("letter about an order")
        verbose_name_plural = _("letters about orders")
        constraints = [
            *OrderMail.Meta.constraints,
            models.UniqueConstraint(
                fields=["order", "kind", "reference"],
                condition=~Q(kind="refunded"),
                name="letter_once_an_order",
            ),
            models.CheckConstraint(
                condition=(~Q(kind="refunded") & Q(refund=None)) | Q(kind="refunded", refund__isnull=False),
                name="letter_refunded_names_its_refund",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_kind_display()}"


class SentMail(models.Model):
    """A mail about an order as it went out, kept with the order. Never edited."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="sent_mails", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=20, help_text=_("A letter's kind, or cheque."))
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("plain text"))
    html = models.TextField(_("HTML"))
    message_id = models.CharField(_("Message-ID"), max_length=200)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("sent mail")
        verbose_name_plural = _("sent mails")
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return self.subject
