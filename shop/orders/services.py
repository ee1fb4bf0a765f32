"""Everything that changes an order after it was placed, and the one way to record a new one."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.tasks import enqueue_after_commit
from payments.models import Bill
from payments.services import request_reject
from shop.catalog.services import OutOfStock, take_stock
from shop.delivery.services import SlotTaken, start_delivery, take_slot
from shop.orders import tasks
from shop.orders.letters import promise_refund
from shop.orders.mismatches import mark_refund_due, open_mismatch
from shop.orders.models import Cheque, Mismatch, Order, OrderAdjustment, OrderLine
from shop.orders.releasing import release_goods
from shop.orders.texts import tell_staff
from shop.orders.trail import record_event
from shop.vouchers.reasons import VoucherRefused
from shop.vouchers.services import take_voucher_again

logger = logging.getLogger(__name__)
Status = Order.Status

# How an unpaid order ends when its bill does.
ENDINGS = {Bill.Status.REJECTED: Status.REJECTED, Bill.Status.EXPIRED: Status.EXPIRED}


class NotRejectable(Exception):
    """The order is paid or given up already; nothing was changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order} is {order.status}")
        self.order = order


def record_order(
    *, order: Order, lines: Iterable[OrderLine], adjustments: Iterable[OrderAdjustment] = ()
) -> Order:
    """Store a new order with its lines, within the transaction that took stock, slot and voucher."""
    order.save(force_insert=True)
    for line in lines:
        line.order = order
    for adjustment in adjustments:
        adjustment.order = order
    OrderLine.objects.bulk_create(lines)
    OrderAdjustment.objects.bulk_create(adjustments)
    record_event(order, "placed", by=order.user, total=str(order.total))
    return order


@transaction.atomic
def reject_order(*, order: Order, by: User | None, reason: str = "") -> Order:
    """Give up an unpaid order: stock and slot go back, its bill is closed by a task (`reject_task_id`).

    An order rejected before is returned as it is. Raises NotRejectable where money came first.
    """
    bill = Bill.objects.locked(order.bill_id)
    locked = Order.objects.locked().select_related("delivery").get(pk=order.pk)
    if locked.status == Status.REJECTED and locked.reject_task_id:
        return locked
    if not locked.is_pending:
        raise NotRejectable(locked)
    locked.reject_task_id = request_reject(bill_id=bill.pk)
    _give_up(locked, Status.REJECTED, by=by, reason=reason)
    return locked


@transaction.atomic
def catch_up(*, order: Order) -> None:
    """Tell an order once more how its bill stands; changes nothing where it knew."""
    follow_bill(bill=Bill.objects.locked(order.bill_id))


def follow_bill(*, bill: Bill) -> None:
    """Bring the order of a bill to what the bill says, within the transaction that holds the bill's lock.

    Safe to call any number of times. A bill that no order has is nobody's business here.
    """
    order = Order.objects.locked().select_related("delivery").filter(bill=bill).first()
    if order is None:
        return
    if bill.status == Bill.Status.PAID:
        _receive_money(order, bill)
    elif bill.status in ENDINGS and order.is_pending:
        _give_up(order, ENDINGS[Bill.Status(bill.status)], by=None)


def _receive_money(order: Order, bill: Bill) -> None:
    """Act on a paid bill, once: go on with the order, or note that the money has to go back."""
    if order.paid_at is not None:
        return
    order.paid_at = bill.paid_at or timezone.now()
    if order.is_pending:
        _go_on(order, bill)
    elif _is_wanted(order, bill) and _take_again(order):
        record_event(order, "revived", bill=str(bill.pk))
        _go_on(order, bill)
    else:
        _owe(order, bill)


def _owe(order: Order, bill: Bill) -> None:
    """Note that the money of an order nobody can deliver has to go back, and tell the shopper."""
    order.save(update_fields=["paid_at"])
    record_event(order, "refund_due", bill=str(bill.pk), amount=str(bill.amount))
    open_mismatch(
        Mismatch.Kind.PAID_LATE, order, order=order, bill=bill, amount=bill.amount, order_was=order.status
    )
    mark_refund_due(order)
    promise_refund(order)
    logger.error("Order %s was paid after it was %s: its money has to go back", order, order.status)


def _is_wanted(order: Order, bill: Bill) -> bool:
    """Whether a payment that came late means that the shopper wants the berries after all.

    Not where they rejected the order while they were paying: that money was on its way before they changed
    their mind. Somebody who pays a bill that is closed already does want them.
    """
    return order.status == Status.EXPIRED or bill.overruled


def _go_on(order: Order, bill: Bill) -> None:
    """The order is paid: write its cheque and begin to pack."""
    order.status = Status.PAID
    order.save(update_fields=["status", "paid_at"])
    Cheque.objects.get_or_create(order=order)
    start_delivery(delivery=order.delivery)
    record_event(order, "paid", bill=str(bill.pk), amount=str(bill.amount))
    enqueue_after_commit(tasks.send_cheque, order_id=order.pk)
    tell_staff(order)


def _give_up(order: Order, status: Order.Status, *, by: User | None, reason: str = "") -> None:
    """An unpaid order ends: its slot, voucher and stock go back."""
    order.status = status
    order.save(update_fields=["status", "reject_task_id"])
    release_goods(order, by=by)
    record_event(order, str(status), by=by, **({"reason": reason} if reason else {}))


def _take_again(order: Order) -> bool:
    """Take slot, voucher and stock of a given-up order once more, all or nothing; whether they were there."""
    wanted = dict(order.lines.values_list("pack_id", "quantity"))
    try:
        with transaction.atomic():
            take_slot(slot_id=order.delivery.slot_id)
            take_voucher_again(reference=order.number)
            taken = take_stock(wanted=wanted, reference=order.number)
            for line in order.lines.all():
                line.lots = [[lot.lot_id, lot.quantity] for lot in taken[line.pack_id]]
                line.save(update_fields=["lots"])
    except (SlotTaken, VoucherRefused, OutOfStock):
        return False
    return True
