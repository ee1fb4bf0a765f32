"""Complaints about what was brought: told within a day by the shopper, answered once by the shop.

An accepted complaint gives money back by the one way of all refunds. Locks: bill, order, complaint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import format_money
from payments.models import Bill
from payments.services import get_refundable
from shop.delivery.models import Delivery
from shop.orders.amounts import compute_line_refund
from shop.orders.letters import report_step
from shop.orders.models import Complaint, ComplaintLine, Letter, Order, OrderLine
from shop.orders.refunds import refund_order
from shop.orders.trail import record_event

# Berries don't keep: what was bad on arrival is seen within a day.
COMPLAIN_WITHIN = timedelta(hours=24)
Status = Complaint.Status


class TooLate(Exception):
    """The order was not delivered yet, or too long ago; nothing was changed."""


class LinesInvalid(ValueError):
    """No line, a foreign one, more packs than came, or one complained about before; nothing was changed."""


class AlreadyAnswered(Exception):
    """Somebody else answered the complaint; nothing was changed."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(f"{complaint} was answered")
        self.complaint = complaint


class WordsMissing(ValueError):
    """Who declines a complaint says why; nothing was changed."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """So many packs of an order line that were bad; the photo is made small already."""

    line_id: int
    quantity: int
    photo: "ContentFile[bytes] | None" = None


# --- Asking -------------------------------------------------------------------------


def get_deadline(order: Order) -> datetime | None:
    """Until when the shopper may complain; None before it was delivered. No query where events are loaded."""
    delivered = [
        event.at for event in order.delivery.events.all() if event.status == Delivery.Status.DELIVERED
    ]
    return max(delivered) + COMPLAIN_WITHIN if delivered else None


def can_complain(order: Order, now: datetime | None = None) -> bool:
    """Whether the shopper may complain now; lines that they complained about before are none any more."""
    deadline = get_deadline(order)
    return deadline is not None and (now or timezone.now()) < deadline


def list_open_lines(order: Order) -> list[OrderLine]:
    """The lines of which packs came, and that nobody has complained about yet."""
    known = set(ComplaintLine.objects.filter(complaint__order=order).values_list("line_id", flat=True))
    return [line for line in order.lines.all() if line.pk not in known and line.quantity_left]


def suggest_refund(complaint: Complaint) -> Decimal:
    """What was paid for the packs that were bad, and no more than can still be given back."""
    parts = (compute_line_refund(bad.line, bad.quantity) for bad in complaint.lines.select_related("line"))
    return min(sum(parts, Decimal(0)), get_refundable(bill_id=complaint.order.bill_id))


# --- Changing -----------------------------------------------------------------------


@transaction.atomic
def file_complaint(*, order: Order, by: User, text: str, lines: Sequence[BadLine]) -> Complaint:
    """Take up a complaint of the shopper, and tell them so.

    The same form sent twice finds the first complaint. Raises TooLate and LinesInvalid, and then changes
    nothing.
    """
    Bill.objects.locked(order.bill_id)
    locked = Order.objects.locked().select_related("delivery").get(pk=order.pk)
    waiting = locked.complaints.waiting().first()
    if waiting is not None:
        return waiting
    if not can_complain(locked):
        raise TooLate(locked.number)
    _check(locked, lines)
    complaint = Complaint.objects.create(order=locked, text=text.strip())
    for bad in sorted(lines, key=lambda bad: bad.line_id):
        row = ComplaintLine(complaint=complaint, line_id=bad.line_id, quantity=bad.quantity)
        if bad.photo is not None:
            row.photo.save("photo.jpg", bad.photo, save=False)
        row.save(force_insert=True)
    record_event(locked, "complained", by=by, complaint=complaint.pk)
    report_step(
        locked, Letter.Kind.COMPLAINT_RECEIVED, reference=f"complaint-{complaint.pk}", text=complaint.text
    )
    return complaint


@transaction.atomic
def accept_complaint(
    *, complaint_id: int, by: User, amount: Decimal, words: str = "", reference: str = ""
) -> Complaint:
    """Give so much of the order's money back, and tell the shopper.

    Raises AlreadyAnswered and what `refund_order` raises; then nothing is changed.
    """
    complaint = _lock(complaint_id)
    refund = refund_order(
        order=complaint.order,
        amount=amount,
        key=f"complaint:{complaint.pk}",
        reason=f"{complaint.order.number}: complaint {complaint.pk}",
        by=by,
        reference=reference,
    )
    complaint.refund, complaint.amount = refund, amount
    return _answer(complaint, Status.ACCEPTED, by=by, words=words.strip())


@transaction.atomic
def decline_complaint(*, complaint_id: int, by: User, words: str) -> Complaint:
    """Tell the shopper, in words, why no money goes back. Raises AlreadyAnswered and WordsMissing."""
    complaint = _lock(complaint_id)
    if not words.strip():
        raise WordsMissing(complaint_id)
    return _answer(complaint, Status.DECLINED, by=by, words=words.strip())


def _lock(complaint_id: int) -> Complaint:
    """The complaint that waits for its answer, locked after its bill and order. Raises AlreadyAnswered."""
    seen = Complaint.objects.select_related("order").get(pk=complaint_id)
    Bill.objects.locked(seen.order.bill_id)
    order = Order.objects.locked().get(pk=seen.order_id)
    complaint = Complaint.objects.locked().get(pk=complaint_id)
    complaint.order = order
    if not complaint.is_waiting:
        raise AlreadyAnswered(complaint)
    return complaint


def _answer(complaint: Complaint, status: Complaint.Status, *, by: User, words: str) -> Complaint:
    complaint.status, complaint.answer = status, words
    complaint.answered_by, complaint.answered_at = by, timezone.now()
    complaint.save(update_fields=["status", "answer", "amount", "refund", "answered_by", "answered_at"])
    amount = format_money(complaint.amount) if complaint.amount else ""
    record_event(
        complaint.order, "complaint_answered", by=by, complaint=complaint.pk, status=status, amount=amount
    )
    report_step(
        complaint.order,
        Letter.Kind.COMPLAINT_ANSWERED,
        reference=f"complaint-{complaint.pk}",
        text=_write_answer(complaint),
    )
    return complaint


def _write_answer(complaint: Complaint) -> str:
    """What the letter says, in the order's language: the sum that goes back, and the words of a person."""
    with translation.override(complaint.order.language):
        sorry = _("We are sorry. %(sum)s of your money goes back to you.")
        sum_back = [sorry % {"sum": format_money(complaint.amount)}] if complaint.amount else []
    return "\n\n".join([*sum_back, *filter(None, [complaint.answer])])


def _check(order: Order, lines: Sequence[BadLine]) -> None:
    """Raise LinesInvalid unless each line is one of the order's, once, with no more packs than came."""
    known = {line.pk: line for line in list_open_lines(order)}
    wanted = [bad.line_id for bad in lines]
    is_sound = all(
        bad.line_id in known and 1 <= bad.quantity <= known[bad.line_id].quantity_left for bad in lines
    )
    if not lines or not is_sound or len(set(wanted)) != len(wanted):
        raise LinesInvalid(wanted)
