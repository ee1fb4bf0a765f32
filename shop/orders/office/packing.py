"""What is to be packed on a day: how many of each pack in all, then order by order, each pack with its lots.

No sums, no addresses, no mail: whoever packs needs none of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.catalog.models import Lot, Pack
from shop.delivery.models import Delivery, DeliverySlot, format_day
from shop.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class PackTotal:
    """How many of one pack the day needs."""

    pack: Pack
    quantity: int


@dataclass(frozen=True, slots=True)
class PackedLine:
    """One line of an order: the pack, how many, and of which lots, in words."""

    pack: Pack
    quantity: int
    lots: list[str]


@dataclass(frozen=True, slots=True)
class PackedOrder:
    """One order with what goes into its box."""

    order: Order
    lines: list[PackedLine]

    @property
    def quantity(self) -> int:
        """How many packs there are in all."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class PackingList:
    """A day, or one slot of it."""

    day: date
    slots: list[DeliverySlot]
    slot: DeliverySlot | None
    orders: list[PackedOrder] = field(default_factory=list)
    totals: list[PackTotal] = field(default_factory=list)
    handed_over: int = 0

    @property
    def label(self) -> str:
        """The day in words, with the hours of the slot where one is chosen."""
        day = format_day(self.day)
        return f"{day}, {self.slot.hours_label}" if self.slot else day

    @property
    def is_today(self) -> bool:
        """Whether it is for today."""
        return self.day == timezone.localdate()


def make_packing_list(day: date, slot_id: int | None = None) -> PackingList:
    """The orders of the day's slots that are being packed, in the order of their slots. Seven queries."""
    slots = list(DeliverySlot.objects.on_day(day).order_by("starts_at", "pk"))
    slot = next((one for one in slots if one.pk == slot_id), None)
    chosen = [slot] if slot else slots
    orders = _pack_orders(_list_orders(chosen))
    gone = Delivery.objects.filter(slot__in=chosen).exclude(status__in=("waiting", "packing", "canceled"))
    return PackingList(day, slots, slot, orders, _count_packs(orders), gone.count())


def find_packed(day: date, order_ids: Iterable[int]) -> list[Order]:
    """Those of the orders that are on the day's list, whatever became of them since."""
    slots = DeliverySlot.objects.on_day(day)
    orders = Order.objects.filter(pk__in=order_ids, delivery__slot__in=slots)
    return list(orders.select_related("delivery").order_by("pk"))


def _list_orders(slots: Iterable[DeliverySlot]) -> QuerySet[Order]:
    orders = Order.objects.filter(delivery__status="packing", delivery__slot__in=slots)
    orders = orders.select_related("delivery__slot").prefetch_related("lines__pack__berry")
    return orders.order_by("delivery__slot__starts_at", "number")


def _pack_orders(orders: Iterable[Order]) -> list[PackedOrder]:
    listed = list(orders)
    lots = find_lots(line for order in listed for line in order.lines.all())
    return [_pack(order, lots) for order in listed]


def _pack(order: Order, lots: dict[int, Lot]) -> PackedOrder:
    lines = [line for line in order.lines.all() if line.quantity_left]
    return PackedOrder(
        order, [PackedLine(line.pack, line.quantity_left, describe_lots(line, lots)) for line in lines]
    )


def find_lots(lines: Iterable[OrderLine]) -> dict[int, Lot]:
    """The lots that the lines were taken from, by key, in one query."""
    return Lot.objects.in_bulk({lot_id for line in lines for lot_id, _quantity in line.lots})


def describe_lots(line: OrderLine, lots: dict[int, Lot]) -> list[str]:
    """«партия 17, до 25 ноября: 2» for each lot of the line."""
    return [
        _("%(lot)s, best before %(day)s: %(count)d")
        % {
            "lot": lots[lot_id],
            "day": date_format(lots[lot_id].best_before, "SHORT_DATE_FORMAT"),
            "count": quantity,
        }
        for lot_id, quantity in line.lots
        if lot_id in lots
    ]


def _count_packs(orders: Iterable[PackedOrder]) -> list[PackTotal]:
    packs: dict[int, Pack] = {}
    sums: dict[int, int] = {}
    for line in (line for order in orders for line in order.lines):
        packs[line.pack.pk] = line.pack
        sums[line.pack.pk] = sums.get(line.pack.pk, 0) + line.quantity
    return sorted((PackTotal(packs[pk], count) for pk, count in sums.items()), key=lambda one: str(one.pack))
