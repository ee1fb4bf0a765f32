"""Where and when the shop delivers, and each delivery's story."""

from datetime import date, datetime
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressFields
from core.localized import Localized
from core.vat import VatCode


def format_day(day: date) -> str:
    """«вторник, 24 ноября», in the active language."""
    # Translators: a date format of Django: weekday and day of the month.
    text = date_format(day, pgettext("date format", "l, F j"), use_l10n=False)
    # Russian writes days and months small, which Django's own names don't.
    return text.lower() if (get_language() or "").startswith("ru") else text


class DeliveryZone(models.Model):
    """An area with its price of delivery."""

    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    description_ru = models.CharField(_("description in Russian"), max_length=250, blank=True)
    description_en = models.CharField(_("description in English"), max_length=250, blank=True)
    price = models.DecimalField(
        _("price, ₽"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    free_from = models.DecimalField(
        _("free from a sum of, ₽"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    min_order = models.DecimalField(_("least order, ₽"), max_digits=10, decimal_places=2, default=0)
    vat_code = models.PositiveSmallIntegerField(_("VAT"), choices=VatCode, default=VatCode.TWENTY_TWO)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    name = Localized("name")
    description = Localized("description")

    class Meta:
        verbose_name = _("delivery zone")
        verbose_name_plural = _("delivery zones")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="zone_price_not_negative"),
            models.CheckConstraint(condition=Q(min_order__gte=0), name="zone_min_order_not_negative"),
            models.CheckConstraint(condition=Q(vat_code__in=VatCode.values), name="zone_vat_code_known"),
        ]

    def __str__(self) -> str:
        return self.name


class DeliverySlotQuerySet(models.QuerySet["DeliverySlot"]):
    """Slots as a shopper may choose them."""

    def upcoming(self, now: datetime) -> Self:
        """Slots whose cut-off is still ahead, full ones included."""
        return self.filter(is_active=True, cut_off_at__gt=now)

    def free(self, now: datetime) -> Self:
        """Slots that still take an order."""
        return self.upcoming(now).filter(taken__lt=F("capacity"))


class DeliverySlot(models.Model):
    """A stretch of time in which a number of orders can be delivered."""

    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    cut_off_at = models.DateTimeField(_("orders until"))
    capacity = models.PositiveSmallIntegerField(_("capacity, orders"))
    taken = models.PositiveSmallIntegerField(_("taken, orders"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = DeliverySlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery slot")
        verbose_name_plural = _("delivery slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["starts_at", "ends_at"], name="slot_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="slot_taken_within_capacity"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"),
            models.CheckConstraint(
                condition=Q(cut_off_at__lte=F("starts_at")), name="slot_cut_off_before_start"
            ),
        ]

    def __str__(self) -> str:
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%d.%m.%Y %H:%M}–{end:%H:%M}"

    @property
    def is_full(self) -> bool:
        """Whether it takes no more orders."""
        return self.taken >= self.capacity

    @property
    def left(self) -> int:
        """How many more orders it takes."""
        return max(self.capacity - self.taken, 0)

    @property
    def hours_label(self) -> str:
        """«10:00–14:00», in the shop's time zone."""
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%H:%M}–{end:%H:%M}"

    @property
    def label(self) -> str:
        """«вторник, 24 ноября, 10:00–14:00», in the shop's time zone and the active language."""
        return f"{format_day(timezone.localtime(self.starts_at).date())}, {self.hours_label}"


class Delivery(AddressFields):
    """One order's way to its door: a snapshot of the address, and the state."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting for payment")
        PACKING = "packing", _("being packed")
        ON_THE_WAY = "on_the_way", _("on the way")
        DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
        CANCELED = "canceled", pgettext_lazy("delivery", "canceled")

    zone = models.ForeignKey(DeliveryZone, on_delete=models.PROTECT, related_name="+", verbose_name=_("zone"))
    slot = models.ForeignKey(
        DeliverySlot, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("slot")
    )
    recipient = models.CharField(_("recipient"), max_length=150)
    phone = models.CharField(_("phone"), max_length=16)
    comment = models.CharField(_("comment for the courier"), max_length=500, blank=True)
    price = models.DecimalField(_("price, ₽"), max_digits=10, decimal_places=2)
    vat_code = models.PositiveSmallIntegerField(_("VAT"), choices=VatCode)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.WAITING)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="delivery_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.one_line

    @property
    def address_fields(self) -> dict[str, str]:
        """The address by its fields, empty ones included."""
        return {field.name: getattr(self, field.name) for field in AddressFields._meta.local_fields}


class DeliveryEvent(models.Model):
    """One step of a delivery, never edited."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="events", verbose_name=_("delivery")
    )
    status = models.CharField(_("status"), max_length=12, choices=Delivery.Status)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "status"], name="delivery_event_once_a_status"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
