"""Orders as programs are told of them: this is what programs ask most, again and again while they wait."""

from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.http import Http404

from accounts.models import AddressFields, User
from core.prepared import Prepared, fetch_rows
from shop.orders.models import Order, OrderAdjustment, OrderLine

Found = TypeVar("Found")

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


def find_own(user_id: int, number: str) -> QuerySet[Order]:
    """The order with this number, if it is the user's."""
    return Order.objects.filter(user_id=user_id, number=number).order_by()


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

_SNAPSHOT = Prepared(lambda user_id, number: with_snapshot(find_own(user_id, number)), -1, "?")
_BILL_ID = Prepared(
    lambda user_id, number: find_own(user_id, number).values_list("bill_id", flat=True), -1, "?"
)
# A row's xmin and ctid: which transaction has written it as it is, and where. Lines and adjustments are never
# written again. Rows within rows, as planning so many joins takes longer than reading them.
_VERSION = """
    SELECT concat_ws(' ', o.id, o.xmin, o.ctid,
        (SELECT concat_ws(' ', b.xmin, b.ctid) FROM payments_bill b WHERE b.id = o.bill_id),
        (SELECT concat_ws(' ', d.xmin, d.ctid,
            (SELECT concat_ws(' ', z.xmin, z.ctid) FROM shop_deliveryzone z WHERE z.id = d.zone_id),
            (SELECT concat_ws(' ', s.xmin, s.ctid) FROM shop_deliveryslot s WHERE s.id = d.slot_id))
        FROM shop_delivery d WHERE d.id = o.delivery_id))
    FROM shop_order o
    WHERE o.user_id = %s AND o.number = %s
"""


def read_own(*, user: User, number: str) -> Order:
    """The user's order with that number, as `with_snapshot` has it. Raises Http404."""
    return _require(_SNAPSHOT.fetch_first(user.pk, number))


def read_own_bill_id(*, user: User, number: str) -> UUID:
    """The id of the bill of the user's order with that number. Raises Http404."""
    return _require(_BILL_ID.fetch_first(user.pk, number))


def read_own_version(*, user: User, number: str) -> str:
    """Names the user's order with that number as it is now: another after every change. Raises Http404."""
    rows = fetch_rows(DEFAULT_DB_ALIAS, _VERSION, [user.pk, number])
    return str(_require(next(iter(rows), None))[0])


def _require(found: Found | None) -> Found:
    if found is None:
        raise Http404
    return found
