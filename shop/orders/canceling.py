"""Calling off a paid order before it leaves the house: stock, slot, voucher and money go back.

Unpaid orders have `services.reject_order`. Locks are taken as everywhere: bill, order, slot, voucher, lots,
and rows of mismatches last. Nothing here calls a provider: a task does, after commit.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from payments.models import Bill
from payments.receipts import ReceiptInvalid
from payments.services import RefundConflict, RefundImpossible, RefundTooLarge, get_refundable
from shop.delivery.models import Delivery
from shop.orders.letters import report_step
from shop.orders.mismatches import mark_refund_due, open_mismatch
from shop.orders.models import Letter, Mismatch, Order
from shop.orders.refunds import goes_by_hand, refund_order
from shop.orders.releasing import release_goods
from shop.orders.trail import record_event

REFUSED = (RefundConflict, RefundImpossible, RefundTooLarge, ReceiptInvalid)


class NotCancelable(Exception):
    """The order has left the house, its slot is closed, or it was never paid; nothing was changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order} is {order.status}, its delivery {order.delivery.status}")
        self.order = order


def can_cancel(order: Order, now: datetime | None = None) -> bool:
    """Whether the shopper may still call it off: paid, being packed, and before the slot's cut-off.

    Asks nothing of the database where delivery and slot are loaded.
    """
    return is_in_house(order) and (now or timezone.now()) < order.delivery.slot.cut_off_at


@transaction.atomic
def cancel_paid_order(*, order: Order, by: User, reason: str = "", after_cut_off: bool = False) -> Order:
    """Call a paid order off; its money goes back through the provider, or a person is told to give it back.

    One that was called off before is returned as it is. Staff may do it `after_cut_off`, too, until the
    courier has it. Raises NotCancelable.
    """
    bill = Bill.objects.locked(order.bill_id)
    locked = Order.objects.locked().select_related("delivery__slot").get(pk=order.pk)
    if locked.is_called_off:
        return locked
    is_allowed = is_in_house(locked) if after_cut_off else can_cancel(locked)
    if not is_allowed or not release_goods(locked, by=by):
        raise NotCancelable(locked)
    record_event(locked, "canceled", by=by, reason=reason)
    _give_back(locked, bill, by)
    report_step(locked, Letter.Kind.CANCELED, **({"reason": reason} if reason else {}))
    return locked


def is_in_house(order: Order) -> bool:
    """Whether it is paid, being packed, and no courier had it yet. Asks what `can_cancel` asks."""
    return order.status == Order.Status.PAID and order.delivery.status == Delivery.Status.PACKING


def _give_back(order: Order, bill: Bill, by: User) -> None:
    """Have all that is left of the money given back; what no program can do waits for a person."""
    amount = get_refundable(bill_id=bill.pk)
    if not amount:
        return
    details = {}
    if not goes_by_hand(bill=bill, amount=amount):
        try:
            refund_order(order=order, amount=amount, key=f"cancel:{order.pk}", reason=order.number, by=by)
        except REFUSED as refusal:
            details = {"failure": str(refusal)}
        else:
            return
    open_mismatch(Mismatch.Kind.REFUND_DUE, order, order=order, bill=bill, amount=amount, **details)
    mark_refund_due(order)
