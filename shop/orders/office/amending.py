"""What staff change about an order before it is handed over: how much of it, where to, when, or all of it.

What was bought stays what it was: a line says how many of its packs were taken off again and what was given
back for them. Of two people who change an order at once, one wins and the other is told. Locks are taken as
everywhere: bill, order, slots, voucher, lots.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from payments.models import Refund
from shop.catalog.services import return_packs
from shop.delivery.models import Delivery, DeliveryZone
from shop.delivery.places import find_other_zone
from shop.delivery.services import change_slot, list_zones
from shop.orders.amounts import compute_line_refund
from shop.orders.canceling import cancel_paid_order, is_in_house
from shop.orders.letters import report_step
from shop.orders.models import Letter, Order, OrderLine
from shop.orders.moves import PAID_FOR, lock_order
from shop.orders.office.receipts import draft_return
from shop.orders.refunds import refund_order
from shop.orders.services import reject_order
from shop.orders.trail import record_event

# As long as it is in the house.
IN_THE_HOUSE = frozenset({Delivery.Status.WAITING, Delivery.Status.PACKING})
# Lines of the story that change nothing about the order.
WORDS = ("note",)


class OrderMoved(Exception):
    """The order is not what it was when the person looked at it; nothing was changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order} was changed by somebody else")
        self.order = order


class NotAmendable(Exception):
    """The order has left the house, was given up or was never paid; nothing was changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order} can't be changed any more")
        self.order = order


class WrongQuantity(ValueError):
    """So many packs can't be taken off: a line has fewer, or nothing would be left of the order."""


class OtherZone(ValueError):
    """The address is another area's, where delivery has a price of its own; nothing was changed."""

    def __init__(self, zone: DeliveryZone) -> None:
        super().__init__(f"The address is in {zone.code}")
        self.zone = zone


def tell_version(order: Order) -> str:
    """What a person has before their eyes, so that a change of somebody else in between is noticed."""
    last = order.events.exclude(event__in=WORDS).order_by("-pk").values_list("pk", flat=True).first()
    return f"{order.delivery.status}-{last}"


def is_amendable(order: Order) -> bool:
    """Whether address and slot can be changed: it is to be brought, and has not left the house."""
    return order.delivery.status in IN_THE_HOUSE


def has_door(order: Order) -> bool:
    """Whether there is an address to change: what is picked up has its point's."""
    return is_amendable(order) and not order.delivery.is_pickup


def can_take_off(order: Order) -> bool:
    """Whether packs can be taken off: it is paid and being packed."""
    return order.status in PAID_FOR and order.delivery.status == Delivery.Status.PACKING


def can_call_off(order: Order) -> bool:
    """Whether it can be called off: not paid yet, or paid and not handed over to anybody."""
    return order.is_pending or is_in_house(order)


@transaction.atomic
def take_off_packs(
    *, order_id: int, packs: Mapping[int, int], by: User, seen: str, key: str, reference: str = ""
) -> Refund | None:
    """Take so many packs off the lines (line → how many): stock comes back, and the money goes back.

    The refund, if the packs cost anything. One key does it once. Raises OrderMoved, NotAmendable,
    WrongQuantity and what `refund_order` raises; then nothing is changed.
    """
    name = f"order:{order_id}:{key}"
    known = Refund.objects.filter(key=name).first()
    if known:
        return known
    order = _hold(order_id, seen)
    if not can_take_off(order):
        raise NotAmendable(order)
    lines = {line.pk: line for line in order.lines.order_by("pk")}
    _check_packs(lines, packs)
    lots: dict[int, int] = {}
    parts = [(lines[pk], packs[pk], _take_off(lines[pk], packs[pk], lots)) for pk in sorted(packs)]
    amount = sum((cost for _line, _quantity, cost in parts), Decimal(0))
    return_packs(lots=lots, reference=order.number, by=by)
    words = ", ".join(f"{line.title} − {quantity}" for line, quantity, _cost in parts)
    record_event(order, "packs_taken_off", by=by, packs=words, amount=str(amount))
    if not amount:
        return None
    return refund_order(
        order=order,
        amount=amount,
        key=name,
        reason=words[:200],
        by=by,
        reference=reference,
        receipt=draft_return(order, parts),
    )


@transaction.atomic
def change_address(*, order_id: int, values: Mapping[str, str], by: User, seen: str) -> Order:
    """Have the order brought to another door of its zone, or to somebody else there.

    `values` are fields of the delivery. Raises OrderMoved, NotAmendable and OtherZone; then nothing is
    changed.
    """
    order = _hold(order_id, seen)
    if not has_door(order):
        raise NotAmendable(order)
    delivery = order.delivery
    changed = [name for name, value in values.items() if getattr(delivery, name) != value]
    if {"city", "postcode"} & set(changed):
        _check_zone(delivery.zone, values)
    for name in changed:
        setattr(delivery, name, values[name])
    if changed:
        delivery.save(update_fields=changed)
        if "phone" in changed:  # the one the shop calls is the one the courier calls
            order.phone = delivery.phone
            order.save(update_fields=["phone"])
        # The fields' names alone: personal data has one place, the delivery.
        record_event(order, "address_changed", by=by, fields=", ".join(changed))
    return order


@transaction.atomic
def choose_slot(*, order_id: int, slot_id: int, by: User, seen: str) -> Order:
    """Have the order brought at another time, and tell the shopper; the place in the old slot goes back.

    Raises OrderMoved, NotAmendable and SlotTaken; then nothing is changed.
    """
    order = _hold(order_id, seen)
    if not is_amendable(order):
        raise NotAmendable(order)
    was = str(order.delivery.slot)
    slot = change_slot(delivery=order.delivery, slot_id=slot_id)
    event = record_event(order, "slot_changed", by=by, was=was, now=str(slot))
    report_step(order, Letter.Kind.SLOT_CHANGED, reference=f"event-{event.pk}")
    return order


@transaction.atomic
def call_off(*, order_id: int, reason: str, by: User, seen: str) -> Order:
    """Call the order off, paid or not, and tell the shopper why: everything it held goes back, and its money.

    Raises OrderMoved and NotAmendable; then nothing is changed.
    """
    order = _hold(order_id, seen)
    if not can_call_off(order):
        raise NotAmendable(order)
    if not order.is_pending:
        return cancel_paid_order(order=order, by=by, reason=reason, after_cut_off=True)
    rejected = reject_order(order=order, by=by, reason=reason)
    report_step(rejected, Letter.Kind.CANCELED, reason=reason)
    return rejected


@transaction.atomic
def add_note(*, order_id: int, text: str, by: User) -> None:
    """Write down what colleagues should know of the order; shoppers never see it."""
    order = Order.objects.get(pk=order_id)
    record_event(order, "note", by=by, text=text)


def _hold(order_id: int, seen: str) -> Order:
    """The order with its delivery, its bill and itself locked, if it still is what the person saw."""
    order = lock_order(order_id)
    if tell_version(order) != seen:
        raise OrderMoved(order)
    return order


def _check_zone(zone: DeliveryZone, address: Mapping[str, str]) -> None:
    other = find_other_zone(zone, address, list_zones())
    if other:
        raise OtherZone(other)


def _check_packs(lines: Mapping[int, OrderLine], packs: Mapping[int, int]) -> None:
    is_whole = all(pk in lines and 1 <= packs[pk] <= lines[pk].quantity_left for pk in packs)
    left = sum(line.quantity_left for line in lines.values()) - sum(packs.values())
    if not packs or not is_whole or left < 1:
        raise WrongQuantity(dict(packs))


def _take_off(line: OrderLine, quantity: int, lots: dict[int, int]) -> Decimal:
    """Write it on the line, add the lots that come back, and say what the packs cost."""
    amount = compute_line_refund(line, quantity)
    kept = [list(part) for part in line.lots]
    missing = quantity
    for part in reversed(kept):  # what keeps longest comes back
        taken = min(part[1], missing)
        part[1] -= taken
        missing -= taken
        if taken:
            lots[part[0]] = lots.get(part[0], 0) + taken
    line.lots = [part for part in kept if part[1]]
    line.quantity_returned += quantity
    line.amount_returned += amount
    line.save(update_fields=["lots", "quantity_returned", "amount_returned"])
    return amount
