"""The steps of an order on its way to the shopper: handed over, on the way, delivered, or tried again.

Staff's order page, the packing list and the courier's page all come here. Of two who press at once, one
wins and the other is told. Locks: bill, order, delivery slots.
"""

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from payments.models import Bill
from payments.services import request_settlement
from shop.delivery.models import Delivery
from shop.delivery.services import change_slot, step_on
from shop.orders.letters import report_step
from shop.orders.models import Letter, Order
from shop.orders.trail import record_event

Status = Delivery.Status
PAID_FOR = frozenset({Order.Status.PAID, Order.Status.IN_DELIVERY})


class Move(models.TextChoices):
    """What may be done with a packed order."""

    HAND_OVER = "hand_over", _("Hand over")
    SET_OFF = "set_off", _("Set off")
    DELIVER = "deliver", pgettext_lazy("move", "Delivered")
    FAIL = "fail", pgettext_lazy("move", "Not delivered")
    TRY_AGAIN = "try_again", _("Try again")


TARGETS = {
    Move.HAND_OVER: Status.HANDED_OVER,
    Move.SET_OFF: Status.ON_THE_WAY,
    Move.DELIVER: Status.DELIVERED,
    Move.FAIL: Status.FAILED,
    Move.TRY_AGAIN: Status.PACKING,
}
# A courier sets off first; at a pick-up point the order waits for its shopper.
BY_COURIER = {
    Status.PACKING: [Move.HAND_OVER],
    Status.HANDED_OVER: [Move.SET_OFF],
    Status.ON_THE_WAY: [Move.DELIVER, Move.FAIL],
    Status.FAILED: [Move.TRY_AGAIN],
}
AT_POINT = BY_COURIER | {Status.HANDED_OVER: [Move.DELIVER, Move.FAIL]}
# These send new work out; what is on its way already comes to its end, whatever becomes of its money.
NEEDS_MONEY = frozenset({Move.HAND_OVER, Move.TRY_AGAIN})
LETTERS = {
    Move.HAND_OVER: Letter.Kind.HANDED_OVER,
    Move.SET_OFF: Letter.Kind.ON_THE_WAY,
    Move.DELIVER: Letter.Kind.DELIVERED,
    Move.FAIL: Letter.Kind.DELIVERY_FAILED,
    Move.TRY_AGAIN: Letter.Kind.SLOT_CHANGED,
}


class MoveRefused(Exception):
    """The order does not stand where the move begins, or no longer as it was seen; nothing was changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order}: its delivery is {order.delivery.status}")
        self.order = order


class ReasonMissing(ValueError):
    """Who could not deliver says why; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Report:
    """What comes with a move: words, a photo made small, and for a new try the slot to try in."""

    note: str = ""
    photo: "ContentFile[bytes] | None" = None
    slot_id: int | None = None
    courier: User | None = None


def list_moves(order: Order) -> list[Move]:
    """The moves allowed now; asks nothing of the database where the order's delivery is loaded."""
    ways = AT_POINT if order.delivery.is_pickup else BY_COURIER
    moves = ways.get(Status(order.delivery.status), [])
    return [move for move in moves if move not in NEEDS_MONEY or order.status in PAID_FOR]


@transaction.atomic
def move_order(  # noqa: PLR0913 -- a move and all that may come with it; every caller names what it gives
    *,
    order_id: int,
    move: Move,
    by: User | None,
    seen: str,
    note: str = "",
    photo: "ContentFile[bytes] | None" = None,
    slot_id: int | None = None,
    courier: User | None = None,
) -> Order:
    """Make one move of a delivery that stands as `seen` (its status); its order, trail and letter follow.

    FAIL needs a `note`, TRY_AGAIN a `slot_id`; `courier` is who takes it. Raises MoveRefused, ReasonMissing,
    SlotTaken or Order.DoesNotExist, and then nothing was changed.
    """
    order = lock_order(order_id)
    report = Report(note=note.strip(), photo=photo, slot_id=slot_id, courier=courier)
    if order.delivery.status != seen or move not in list_moves(order):
        raise MoveRefused(order)
    if move == Move.FAIL and not report.note:
        raise ReasonMissing(order.number)
    _step(order, move, by, report)
    _follow(order, move)
    record_event(order, TARGETS[move], by=by, note=report.note, attempt=order.delivery.attempt)
    _tell_shopper(order, move, report)
    return order


def lock_order(order_id: int) -> Order:
    """The order with its delivery, locked after its bill until the caller's transaction ends.

    Raises Order.DoesNotExist.
    """
    Bill.objects.locked(Order.objects.values_list("bill_id", flat=True).get(pk=order_id))
    return Order.objects.locked().select_related("delivery__slot", "user").get(pk=order_id)


def _step(order: Order, move: Move, by: User | None, report: Report) -> None:
    """Move the delivery itself; a new try takes a place in another slot first."""
    delivery = order.delivery
    if move == Move.TRY_AGAIN:
        change_slot(delivery=delivery, slot_id=report.slot_id or 0)
        delivery.attempt += 1
        delivery.courier = None
        delivery.save(update_fields=["attempt", "courier"])
    elif report.courier and delivery.courier_id != report.courier.pk:
        delivery.courier = report.courier
        delivery.save(update_fields=["courier"])
    step_on(delivery=delivery, to=TARGETS[move], by=by, note=report.note, photo=report.photo)


def _follow(order: Order, move: Move) -> None:
    """Bring the order along, and its second receipt; one whose money went back meanwhile stays refunded."""
    if move == Move.DELIVER:
        request_settlement(bill_id=order.bill_id)
    if order.status not in PAID_FOR:
        return
    status = Order.Status.DELIVERED if move == Move.DELIVER else Order.Status.IN_DELIVERY
    if order.status != status:
        order.status = status
        order.save(update_fields=["status"])


def _tell_shopper(order: Order, move: Move, report: Report) -> None:
    attempt = order.delivery.attempt
    reference = f"try-{attempt}" if attempt > 1 else ""
    details = {"reason": report.note} if move == Move.FAIL else {}
    report_step(order, LETTERS[move], reference=reference, **details)
