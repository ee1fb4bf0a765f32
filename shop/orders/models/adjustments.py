"""What was taken off an order's price, line by line of words, as the shopper saw it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.localized import Localized
from shop.orders.models.orders import Order


class OrderAdjustment(models.Model):
    """One labelled line of an order's sum, frozen with it.

    `amount` is what it took off, in roubles: of a voucher off the berries, the sum is `Order.discount`; of
    free delivery, what delivery would have cost (`Order.delivery_price` is zero already).
    """

    class Kind(models.TextChoices):
        VOUCHER = "voucher", _("voucher")
        FREE_DELIVERY = "free_delivery", _("free delivery")

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="adjustments", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    code = models.CharField(_("code"), max_length=40, blank=True)
    label_ru = models.CharField(_("label in Russian"), max_length=120)
    label_en = models.CharField(_("label in English"), max_length=120)
    amount = models.DecimalField(_("taken off, ₽"), max_digits=12, decimal_places=2)

    label = Localized("label")

    class Meta:
        verbose_name = _("order adjustment")
        verbose_name_plural = _("order adjustments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="adjustment_once_a_kind"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="adjustment_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: −{self.amount}"
