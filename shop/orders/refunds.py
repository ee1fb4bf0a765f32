"""Giving an order's money back, and what becomes of the order when it went.

Locks are taken as everywhere: bill, order, slot, voucher, lots, and rows of mismatches last.
"""

import logging
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from payments.models import Bill, Refund
from payments.receipts import ReceiptDraft
from payments.services import can_refund, record_manual_refund, request_refund
from shop.orders.letters import report_refund
from shop.orders.mismatches import Kind, mark_refund_due, name_subject, open_mismatch, settle_rows
from shop.orders.models import Mismatch, Order
from shop.orders.releasing import release_goods
from shop.orders.trail import record_event

logger = logging.getLogger(__name__)

# A refund made to settle a row says so in its key: "mismatch:<row>:<attempt>".
PREFIX = "mismatch:"


class ReferenceMissing(ValueError):
    """The provider can't give this back: a person does it by hand, and names the transfer."""


@transaction.atomic
def refund_order(
    *,
    order: Order,
    amount: Decimal,
    key: str,
    reason: str,
    by: User,
    reference: str = "",
    receipt: ReceiptDraft | None = None,
) -> Refund:
    """Give money of an order back: through its provider where it can, else as a person says they did.

    `receipt` names what it is for; without one it is a share of everything. One key gives one refund. Raises
    RefundImpossible, RefundTooLarge, RefundConflict, ReceiptInvalid, and ReferenceMissing where it goes by
    hand and `reference` is empty; then nothing is changed.
    """
    bill = Bill.objects.locked(order.bill_id)
    locked = Order.objects.locked().get(pk=order.pk)
    known = Refund.objects.filter(key=key).first()
    if known and (known.bill_id, known.amount) == (bill.pk, amount):
        return known
    by_hand = goes_by_hand(bill=bill, amount=amount)
    if by_hand and not reference.strip():
        raise ReferenceMissing(locked.number)
    record_event(
        locked,
        "refund_requested",
        by=by,
        amount=str(amount),
        reason=reason,
        **({"reference": reference} if by_hand else {}),
    )
    if by_hand:
        return record_manual_refund(
            bill_id=bill.pk, amount=amount, key=key, reason=reason, reference=reference, by=by
        )
    return request_refund(bill_id=bill.pk, amount=amount, key=key, reason=reason, by=by, receipt=receipt)


def goes_by_hand(*, bill: Bill, amount: Decimal) -> bool:
    """Whether a person has to give it back: the provider can't, or has just failed to."""
    last = bill.refunds.order_by("-created_at").first()
    has_failed = last is not None and last.status == Refund.Status.FAILED
    return has_failed or not can_refund(bill=bill, amount=amount)


def follow_refund(*, refund: Refund) -> None:
    """Bring an order to what became of a refund, within the transaction that holds the bill's lock.

    Safe to call any number of times. A bill that no order has is nobody's business here.
    """
    orders = Order.objects.locked().select_related("delivery", "bill")
    order = orders.filter(bill_id=refund.bill_id).first()
    if order is None:
        return
    if refund.status == Refund.Status.DONE:
        _note_return(order, refund)
    elif refund.status == Refund.Status.FAILED:
        _note_failure(order, refund)
    settle_rows(Mismatch.objects.open().filter(kind=Kind.REFUND_STUCK, subject=name_subject(refund)))
    mark_refund_due(order)


def name_attempt(row: Mismatch) -> str:
    """The key of the next refund that is to settle the row."""
    prefix = f"{PREFIX}{row.pk}:"
    return f"{prefix}{Refund.objects.filter(key__startswith=prefix).count() + 1}"


def _note_return(order: Order, refund: Refund) -> None:
    if order.events.filter(event="refunded", details__refund=str(refund.pk)).exists():
        return
    back = order.bill.refunds.done().get_total()
    left = order.total - back
    record_event(
        order,
        "refunded",
        by=_get_person(refund),
        refund=str(refund.pk),
        amount=str(refund.amount),
        left=str(left),
        **({"reference": refund.external_id} if refund.by_hand else {}),
    )
    if left <= 0 and not order.is_closed_unpaid:
        _end(order, refund)
    settle_rows(_list_settled(order, refund, is_whole=left <= 0), by=None)
    report_refund(order, refund)


def _end(order: Order, refund: Refund) -> None:
    """All the money of an order went back: what was not handed over yet is not brought any more."""
    order.status = Order.Status.REFUNDED
    order.save(update_fields=["status"])
    release_goods(order, by=_get_person(refund))


def _list_settled(order: Order, refund: Refund, *, is_whole: bool) -> list[Mismatch]:
    """The rows this money settles: that for which it went, and all that are owing once nothing is left."""
    row = _find_row(refund)
    rows = [row] if row and row.kind != Kind.PAID_LATE else []
    return [*rows, *(order.mismatches.owing() if is_whole else [])]


def _note_failure(order: Order, refund: Refund) -> None:
    if order.events.filter(event="refund_failed", details__refund=str(refund.pk)).exists():
        return
    record_event(
        order, "refund_failed", refund=str(refund.pk), amount=str(refund.amount), failure=refund.failure
    )
    logger.error("Order %s: %s could not be given back: %s", order, refund.amount, refund.failure)
    row = _find_row(refund) or order.mismatches.open().filter(kind=Kind.PAID_LATE).first()
    if row and row.is_open:  # it waits for somebody again
        Mismatch.objects.filter(pk=row.pk).update(taken_at=None, taken_by=None)
    else:
        open_mismatch(
            Kind.REFUND_DUE,
            refund,
            order=order,
            bill=order.bill,
            amount=refund.amount,
            refund=str(refund.pk),
            failure=refund.failure,
        )


def _find_row(refund: Refund) -> Mismatch | None:
    """The row this refund was to settle."""
    if not refund.key.startswith(PREFIX):
        return None
    return Mismatch.objects.filter(pk=int(refund.key.split(":")[1])).first()


def _get_person(refund: Refund) -> User | None:
    person = refund.requested_by
    return person if isinstance(person, User) else None
