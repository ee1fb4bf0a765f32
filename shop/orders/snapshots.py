"""Orders as programs are told of them: everything in one query, since this is what programs ask most."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from accounts.models import AddressFields
from shop.orders.models import Order, OrderAdjustment, OrderLine

FIELDS = [
    *("number", "status", "goods_total", "discount", "delivery_price", "total", "currency", "placed_at"),
    *("paid_at", "name", "email", "phone", "needs_refund"),
    *(f"bill__{name}" for name in ("status", "amount", "currency", "pay_url", "created_at", "expires_at")),
    "bill__reject_requested_at",
    *(f"delivery__{name}" for name in ("status", "recipient", "phone", "comment", "price")),
    *(f"delivery__{field.name}" for field in AddressFields._meta.local_fields),
    *("delivery__zone__name_ru", "delivery__zone__name_en"),
    *("delivery__slot__starts_at", "delivery__slot__ends_at"),
]


def with_snapshot(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders with what programs are told of them and nothing else; lines and adjustments as rows."""
    parts = orders.select_related("bill", "delivery__zone", "delivery__slot").only(*FIELDS)
    rows = {"line_rows": ArraySubquery(_LINES), "adjustment_rows": ArraySubquery(_ADJUSTMENTS)}
    return parts.annotate(**rows)


def _write(name: str) -> Cast:
    """A sum as text: JSON's own numbers are not exact."""
    return Cast(name, TextField())


_LINES = (
    OrderLine.objects.filter(order=OuterRef("pk"))
    .order_by("pk")
    .values(
        row=JSONObject(
            berry="pack__berry_id",
            pack="pack_id",
            title="title",
            weight_g="weight_g",
            price=_write("price"),
            old_price=_write("old_price"),
            quantity="quantity",
            discount=_write("discount"),
            total=_write("total"),
        )
    )
)
_ADJUSTMENTS = (
    OrderAdjustment.objects.filter(order=OuterRef("pk"))
    .order_by("pk")
    .values(
        row=JSONObject(
            kind="kind", code="code", label_ru="label_ru", label_en="label_en", amount=_write("amount")
        )
    )
)
