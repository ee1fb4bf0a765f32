"""Each order's way to its door, and the story of that way."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AddressFields
from core.photos import store_privately
from core.vat import VatCode
from shop.delivery.models.slots import DeliverySlot
from shop.delivery.models.zones import DeliveryZone


def name_photo(event: "DeliveryEvent", filename: str) -> str:
    """A name that tells nothing and can't be guessed; what the file was called on the phone is forgotten."""
    return f"deliveries/{uuid4().hex}.jpg"


class Delivery(AddressFields):
    """One order's way to its door: a snapshot of the address, and the state."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting for payment")
        PACKING = "packing", _("being packed")
        HANDED_OVER = "handed_over", _("handed over")
        ON_THE_WAY = "on_the_way", _("on the way")
        DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
        FAILED = "failed", pgettext_lazy("delivery", "failed")
        CANCELED = "canceled", pgettext_lazy("delivery", "canceled")

    kind = models.CharField(
        _("way of delivery"),
        max_length=8,
        choices=DeliveryZone.Kind,
        default=DeliveryZone.Kind.COURIER,
    )
    zone = models.ForeignKey(DeliveryZone, on_delete=models.PROTECT, related_name="+", verbose_name=_("zone"))
    slot = models.ForeignKey(
        DeliverySlot, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("slot")
    )
    courier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("courier"),
    )
    recipient = models.CharField(_("recipient"), max_length=150)
    phone = models.CharField(_("phone"), max_length=16)
    comment = models.CharField(_("comment for the courier"), max_length=500, blank=True)
    price = models.DecimalField(_("price, ₽"), max_digits=10, decimal_places=2)
    vat_code = models.PositiveSmallIntegerField(_("VAT"), choices=VatCode)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.WAITING)
    attempt = models.PositiveSmallIntegerField(
        _("try"), default=1, help_text=_("How often somebody sets out with it.")
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        permissions = [("carry_delivery", "Can bring orders to people")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="delivery_price_not_negative"),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="delivery_attempt_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.one_line

    @property
    def is_pickup(self) -> bool:
        """Whether the shopper comes for it; the address is the point's then."""
        return self.kind == DeliveryZone.Kind.PICKUP

    @property
    def address_fields(self) -> dict[str, str]:
        """The address by its fields, empty ones included."""
        return {field.name: getattr(self, field.name) for field in AddressFields._meta.local_fields}


class DeliveryEvent(models.Model):
    """One step of a delivery, never edited. A step is made once a try; who failed may try again."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="events", verbose_name=_("delivery")
    )
    status = models.CharField(_("status"), max_length=12, choices=Delivery.Status)
    attempt = models.PositiveSmallIntegerField(_("try"), default=1)
    note = models.CharField(_("note"), max_length=500, blank=True)
    photo = models.FileField(
        _("photo"), max_length=200, blank=True, upload_to=name_photo, storage=store_privately
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "attempt", "status"], name="delivery_event_once_a_try"
            ),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
