"""What reports add up: sales by berry, movements by pack. Each is two queries, however much was sold."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from shop.catalog.models import Berry, Pack, StockMovement
from shop.delivery.models import Delivery
from shop.orders.models import Order, OrderLine

SOLD = (Order.Status.PAID, Order.Status.IN_DELIVERY, Order.Status.DELIVERED)
GRAMS_IN_KG = 1000


@dataclass(frozen=True, slots=True)
class BerrySales:
    """What was sold of one berry, without what was taken off again; `share` is per cent of all."""

    berry: str
    orders: int
    packs: int
    kilograms: Decimal
    revenue: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class PackMovements:
    """What came and went of one pack; what was written off also at today's price."""

    pack: str
    received: int
    sold: int
    returned: int
    written_off: int
    written_off_price: Decimal


def sum_up_sales(lines: QuerySet[OrderLine]) -> list[BerrySales]:
    """The lines of paid orders by berry, the most money first."""
    kept = F("quantity") - F("quantity_returned")
    rows = list(
        lines.filter(order__status__in=SOLD)
        .exclude(order__delivery__status=Delivery.Status.CANCELED)  # called off, its money on the way back
        .order_by()
        .values("pack__berry")
        .annotate(
            orders=Count("order", distinct=True),
            packs=Sum(kept),
            grams=Sum(kept * F("weight_g")),
            revenue=Sum(F("total") - F("amount_returned")),
        )
    )
    berries = Berry.objects.in_bulk([row["pack__berry"] for row in rows])
    whole = sum((row["revenue"] for row in rows), Decimal(0))
    sales = [
        BerrySales(
            berry=str(berries[row["pack__berry"]]),
            orders=row["orders"],
            packs=row["packs"],
            kilograms=Decimal(row["grams"]) / GRAMS_IN_KG,
            revenue=row["revenue"],
            share=(row["revenue"] * 100 / whole).quantize(Decimal("0.1")) if whole else Decimal(0),
        )
        for row in rows
    ]
    return sorted(sales, key=lambda one: (-one.revenue, one.berry))


def sum_up_movements(movements: QuerySet[StockMovement]) -> list[PackMovements]:
    """The movements by pack, the most written off first."""
    kinds = StockMovement.Kind
    rows = list(
        movements.order_by()
        .values("lot__pack")
        .annotate(
            received=Sum("quantity", filter=Q(kind=kinds.RECEIVED), default=0),
            sold=Sum("quantity", filter=Q(kind=kinds.SOLD), default=0),
            returned=Sum("quantity", filter=Q(kind=kinds.RETURNED), default=0),
            written_off=Sum("quantity", filter=Q(kind=kinds.WRITTEN_OFF), default=0),
        )
    )
    packs = Pack.objects.select_related("berry").in_bulk([row["lot__pack"] for row in rows])
    moved = [
        PackMovements(
            pack=str(packs[row["lot__pack"]]),
            received=row["received"],
            sold=-row["sold"],
            returned=row["returned"],
            written_off=-row["written_off"],
            written_off_price=-row["written_off"] * packs[row["lot__pack"]].price,
        )
        for row in rows
    ]
    return sorted(moved, key=lambda one: (-one.written_off, one.pack))
