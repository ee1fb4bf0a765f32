"""A shopper chooses another time: until the cut-off of the one the order has, or after a try that failed.

Locks: bill, order, delivery slots in key order.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from shop.catalog.models import Lot
from shop.delivery.models import Delivery, DeliverySlot
from shop.delivery.services import SlotDay, SlotTaken, change_slot, group_by_day
from shop.orders.letters import report_step
from shop.orders.models import Letter, Order
from shop.orders.moves import PAID_FOR, Move, lock_order, move_order
from shop.orders.trail import record_event

Status = Delivery.Status
IN_THE_HOUSE = frozenset({Status.WAITING, Status.PACKING})


class SlotFixed(Exception):
    """The order is on its way, closed, or past the cut-off of its slot; nothing was changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order}: its delivery is {order.delivery.status}, its slot stays")
        self.order = order


def can_change_slot(order: Order, now: datetime | None = None) -> bool:
    """Whether the shopper may choose another time. Asks nothing of the database where the slot is loaded."""
    if order.delivery.status == Status.FAILED:
        return order.status in PAID_FOR
    is_open = order.is_pending or order.status in PAID_FOR
    is_in_time = (now or timezone.now()) < order.delivery.slot.cut_off_at
    return is_open and is_in_time and order.delivery.status in IN_THE_HOUSE


def list_choices(order: Order) -> list[SlotDay]:
    """The slots an order may have instead of its own, by day, full ones included; its own is left out.

    None of them is later than its berries keep. Two queries.
    """
    slot, last = order.delivery.slot, find_last_day(order)
    slots = DeliverySlot.objects.upcoming(timezone.now()).filter(point=slot.point_id).exclude(pk=slot.pk)
    days = group_by_day(slots.order_by("starts_at", "pk"))
    return [day for day in days if day.day <= last]


def find_last_day(order: Order) -> date:
    """The last day on which its berries may be eaten; where that is over, the day it was promised for."""
    lots = {part[0] for line in order.lines.all() for part in line.lots}
    keep = Lot.objects.filter(pk__in=lots).order_by("best_before").values_list("best_before", flat=True)
    ends = keep.first()
    promised = timezone.localtime(order.delivery.slot.starts_at).date()
    return max(ends or promised, promised)


@transaction.atomic
def change_order_slot(*, order_id: int, slot_id: int, by: User) -> Order:
    """Have the order brought in another slot; the old place goes back, and a letter says so.

    The slot it has already changes nothing. Raises SlotFixed or SlotTaken, and then nothing was changed.
    """
    order = lock_order(order_id)
    if not can_change_slot(order):
        raise SlotFixed(order)
    is_again = order.delivery.status == Status.FAILED
    if slot_id == order.delivery.slot_id and not is_again:
        return order
    if slot_id not in {slot.pk for day in list_choices(order) for slot in day.slots}:
        raise SlotTaken(slot_id)
    if is_again:
        return move_order(
            order_id=order_id, move=Move.TRY_AGAIN, by=by, seen=order.delivery.status, slot_id=slot_id
        )
    was = str(order.delivery.slot)
    slot = change_slot(delivery=order.delivery, slot_id=slot_id)
    event = record_event(order, "slot_changed", by=by, was=was, now=str(slot))
    report_step(order, Letter.Kind.SLOT_CHANGED, reference=f"event-{event.pk}")
    return order
