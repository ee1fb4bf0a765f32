"""Orders: a full snapshot of what was bought, never deleted, never recomputed from live prices."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Replace, Reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.vat import VatCode
from payments.models import Bill
from shop.catalog.models import Pack
from shop.catalog.pricing import PriceReason
from shop.delivery.models import Delivery

# The words of who gets an order, ё as е.
NAME_WORDS = SearchVector(Replace(Lower("name"), Value("ё"), Value("е")), config="simple")


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders as pages, staff and jobs ask for them."""

    def for_user(self, user: User) -> Self:
        """The user's own orders, newest first."""
        return self.filter(user=user).order_by("-placed_at", "-pk")

    def with_details(self) -> Self:
        """Orders with everything a page shows of them."""
        parts = self.select_related("user", "bill", "delivery__zone", "delivery__slot")
        return parts.prefetch_related("lines__pack", "adjustments", "delivery__events")

    def locked(self) -> Self:
        """Orders, their rows locked until the transaction ends, in key order; bills are locked before."""
        return self.order_by("pk").select_for_update(of=("self",))

    def out_of_step(self) -> Self:
        """Orders that missed the news of their bill: there should be none."""
        waiting = Q(status="pending", bill__status__in=["paid", "rejected", "expired"])
        unnoticed = Q(status__in=["rejected", "expired"], bill__status="paid", paid_at=None)
        return self.filter(waiting | unnoticed)


class Order(models.Model):
    """What a shopper bought, for how much, and how it stands."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for payment")
        PAID = "paid", _("paid")
        IN_DELIVERY = "in_delivery", _("in delivery")
        DELIVERED = "delivered", _("delivered")
        REJECTED = "rejected", _("canceled")
        EXPIRED = "expired", _("not paid in time")
        REFUNDED = "refunded", _("refunded")

    number = models.CharField(_("number"), max_length=12, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="orders", verbose_name=_("user"))
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.PENDING, db_index=True
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=16)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    goods_total = models.DecimalField(_("goods, ₽"), max_digits=12, decimal_places=2)
    discount = models.DecimalField(
        _("discount, ₽"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("Taken off the goods by a voucher, and spread over the lines."),
    )
    delivery_price = models.DecimalField(_("delivery, ₽"), max_digits=10, decimal_places=2)
    total = models.DecimalField(_("total, ₽"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="order", verbose_name=_("bill"))
    delivery = models.OneToOneField(
        Delivery, on_delete=models.PROTECT, related_name="order", verbose_name=_("delivery")
    )
    offer_version = models.CharField(_("version of the offer"), max_length=20)
    privacy_version = models.CharField(_("version of the privacy policy"), max_length=20)
    idempotency_key = models.CharField(_("idempotency key"), max_length=64)
    fingerprint = models.CharField(_("fingerprint of the request"), max_length=64)
    needs_refund = models.BooleanField(_("refund due"), default=False, db_index=True)
    reject_task_id = models.CharField(
        _("task that rejects the bill"), max_length=64, blank=True, db_index=True
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    # Only where `shop.orders.snapshots` was asked for them.
    line_rows: list[dict[str, Any]]
    adjustment_rows: list[dict[str, Any]]

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        permissions = [
            ("hand_over_order", "Can hand packed orders over to the courier"),
            ("export_order", "Can export orders"),
        ]
        indexes = [
            models.Index(fields=["user", "-placed_at"], name="order_user_newest"),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "-placed_at", "-id"], name="order_status_newest"),
            # Staff search by how a phone number ends, how an address begins, and the words of a name.
            models.Index(OpClass(Reverse("phone"), name="text_pattern_ops"), name="order_phone_backwards"),
            models.Index(OpClass(Lower("email"), name="text_pattern_ops"), name="order_email"),
            GinIndex(NAME_WORDS, name="order_name_words"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "idempotency_key"], name="order_once_a_key"),
            models.CheckConstraint(
                condition=Q(total=F("goods_total") - F("discount") + F("delivery_price")),
                name="order_total_is_its_sum",
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=F("goods_total")),
                name="order_discount_within_goods",
            ),
            models.CheckConstraint(condition=Q(goods_total__gt=0), name="order_goods_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "rejected", "expired"]) | Q(paid_at__isnull=False),
                name="order_paid_states_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_pending(self) -> bool:
        """Whether it still waits for its money."""
        return self.status == self.Status.PENDING

    @property
    def is_closed_unpaid(self) -> bool:
        """Whether it was given up before any money came."""
        return self.status in {self.Status.REJECTED, self.Status.EXPIRED}

    @property
    def is_called_off(self) -> bool:
        """Whether it was paid and is not brought any more: its money is on the way back, or back already."""
        is_canceled = self.delivery.status == Delivery.Status.CANCELED
        return is_canceled and self.status in {self.Status.PAID, self.Status.REFUNDED}


class OrderLine(models.Model):
    """One line as it was sold: names, weight, price, VAT and the lots it came from."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", verbose_name=_("order"))
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="+", verbose_name=_("pack"))
    title = models.CharField(_("berry"), max_length=255)
    weight_g = models.PositiveIntegerField(_("net weight, g"))
    price = models.DecimalField(_("price, ₽"), max_digits=10, decimal_places=2)
    old_price = models.DecimalField(
        _("price before, ₽"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_reason = models.CharField(
        _("why it cost less"), max_length=10, choices=PriceReason, blank=True, default=""
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    discount = models.DecimalField(
        _("its part of the discount, ₽"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    total = models.DecimalField(_("total, ₽"), max_digits=12, decimal_places=2)
    vat_code = models.PositiveSmallIntegerField(_("VAT"), choices=VatCode)
    lots = models.JSONField(
        _("lots"), default=list, help_text=_("Lot ids and the packs of each, without those taken off again.")
    )
    quantity_returned = models.PositiveSmallIntegerField(
        _("taken off again"),
        default=0,
        help_text=_("Packs that staff took off the paid order before it was handed over."),
    )
    amount_returned = models.DecimalField(
        _("given back for them, ₽"), max_digits=12, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "pack"], name="order_line_once_a_pack"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(total=F("price") * F("quantity") - F("discount")),
                name="order_line_total_is_product",
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, total__gte=0), name="order_line_discount_within_it"
            ),
            models.CheckConstraint(
                condition=Q(quantity_returned__lte=F("quantity"))
                & Q(amount_returned__gte=0, amount_returned__lte=F("total")),
                name="order_line_returned_within_bought",
            ),
            models.CheckConstraint(
                condition=Q(quantity_returned__gt=0) | Q(amount_returned=0),
                name="order_line_nothing_back_for_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} × {self.quantity}"

    @property
    def full_total(self) -> Decimal:
        """What its packs cost before the discount; `total` is what was paid for them."""
        return self.price * self.quantity

    @property
    def quantity_left(self) -> int:
        """How many packs are to be brought: those bought, less those taken off again."""
        return self.quantity - self.quantity_returned


class OrderEvent(models.Model):
    """The audit trail: what happened to an order, when, and by whom. Never edited."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events", verbose_name=_("order"))
    event = models.CharField(_("event"), max_length=40)
    details = models.JSONField(_("details"), default=dict, blank=True)
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
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.event
