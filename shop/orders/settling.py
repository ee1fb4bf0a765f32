"""What a person does about money that does not match: one service for each button.

Of two who press at once, one wins and the other is told. Nothing here calls a provider but `ask_again`, and
that outside any transaction.
"""

from decimal import Decimal
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.tasks import enqueue_after_commit
from payments.models import Bill, Refund
from payments.services import get_refundable, record_found_refund, send_refund
from shop.orders import tasks
from shop.orders.cheques import get_key
from shop.orders.finding import examine_bill
from shop.orders.letters import report_step
from shop.orders.mismatches import How, Kind, hold, mark_refund_due, settle_rows
from shop.orders.models import Cheque, Letter, Mismatch, OrderMail
from shop.orders.refunds import ReferenceMissing, goes_by_hand, name_attempt, refund_order
from shop.orders.services import reject_order
from shop.orders.trail import record_event

REFUND, FOUND, RETURN, SEND, ASK, NOTE = "refund", "found", "return", "send", "ask", "note"
# The one button of each kind.
ACTIONS = {
    Kind.PAID_LATE: REFUND,
    Kind.REFUND_DUE: REFUND,
    Kind.REFUND_UNKNOWN: FOUND,
    Kind.CHEQUE_STUCK: SEND,
    Kind.CHEQUE_MISSING: SEND,
    Kind.LETTER_STUCK: SEND,
    Kind.MAIL_REFUSED: SEND,
    Kind.PAID_TWICE: RETURN,
    Kind.BILL_UNKNOWN: NOTE,
    Kind.BILL_MISSING: ASK,
    Kind.AMOUNT_DIFFERS: RETURN,
    Kind.REFUSED: ASK,
    Kind.OUT_OF_STEP: ASK,
    Kind.REFUND_STUCK: ASK,
}
# What a person may declare settled besides, saying how.
NOTABLE = frozenset({Kind.REFUND_DUE, Kind.MAIL_REFUSED})


def get_action(row: Mismatch) -> str:
    """The row's one button. What is paid here as well is nothing to give back, but to be put right."""
    is_paid = row.bill is not None and row.bill.status == Bill.Status.PAID
    return ASK if row.kind == Kind.AMOUNT_DIFFERS and is_paid else ACTIONS[Kind(row.kind)]


def may_ask(row: Mismatch) -> bool:
    """Whether the provider can be asked again: what differs may have been put right there, or by us."""
    return row.kind == Kind.AMOUNT_DIFFERS or get_action(row) == ASK


def may_note(row: Mismatch) -> bool:
    """Whether a person may declare it settled, saying how: nothing that the program could know better."""
    return row.kind in NOTABLE or get_action(row) in {ASK, NOTE}


class AlreadyTaken(Exception):
    """Somebody else settled the row, or took it up; nothing was changed."""

    def __init__(self, row: Mismatch) -> None:
        super().__init__(f"{row} is taken")
        self.row = row


class WrongAction(ValueError):
    """A row of this kind is not settled like that; nothing was changed."""


class NoteMissing(ValueError):
    """A person who settles something says how."""


@transaction.atomic
def settle_by_refund(*, mismatch_id: int, by: User, reference: str = "") -> Refund:
    """Give back what the row says is owed, all that is left of it.

    Raises AlreadyTaken, WrongAction and what `refund_order` raises; then nothing is changed.
    """
    row = _take(mismatch_id, by, REFUND)
    if row.order is None or row.bill is None:
        raise WrongAction(row.kind)
    return refund_order(
        order=row.order,
        amount=_get_owed(row, row.bill),
        key=name_attempt(row),
        reason=f"{row.order.number}: {row.get_kind_display()}",
        by=by,
        reference=reference,
    )


@transaction.atomic
def record_found(*, mismatch_id: int, by: User, reference: str) -> Refund:
    """Write down, in our own books too, what was given back at the provider; `reference` is its number there.

    Raises AlreadyTaken, WrongAction, ReferenceMissing and what `record_manual_refund` raises.
    """
    row = _take(mismatch_id, by, FOUND)
    if row.bill is None or row.amount is None:
        raise WrongAction(row.kind)
    if not reference.strip():
        raise ReferenceMissing(row.pk)
    return record_found_refund(
        bill_id=row.bill.pk,
        amount=row.amount,
        key=name_attempt(row),
        reason=str(row.get_kind_display()),
        reference=reference,
        by=by,
    )


@transaction.atomic
def settle_by_return(*, mismatch_id: int, by: User, reference: str) -> None:
    """Settle a payment that no bill of ours stands for: a person gave it back, `reference` says how.

    An order that waits for its money still is given up with all it holds, and its bill is asked about no
    more. The shopper is told. Raises AlreadyTaken, WrongAction, ReferenceMissing; then nothing is changed.
    """
    row = _lock(mismatch_id)
    _check(row, RETURN)
    if not reference.strip():
        raise ReferenceMissing(row.pk)
    order = row.order
    if order and order.is_pending:
        order = reject_order(order=order, by=by, reason=str(row.get_kind_display()))
    if order:
        told = {"about": row.kind, "text": reference.strip()}
        report_step(order, Letter.Kind.PAYMENT_RETURNED, reference=f"mismatch-{row.pk}", **told)
    settle_rows([row], by=by, note=reference.strip())


@transaction.atomic
def send_again(*, mismatch_id: int, by: User) -> None:
    """Have a cheque or letter sent, perhaps for the second time: its Message-ID stays the same.

    The row is settled when the mail server took it. Raises AlreadyTaken, WrongAction.
    """
    row = _take(mismatch_id, by, SEND)
    if row.order is None:
        raise WrongAction(row.kind)
    record_event(row.order, "mail_sent_again", by=by, mismatch=row.pk, kind=row.kind)
    if row.subject.startswith("letter:"):
        letter = Letter.objects.get(pk=int(row.subject.removeprefix("letter:")))
        _release(letter, row)
        enqueue_after_commit(tasks.send_letter, letter_id=letter.pk)
        return
    cheque, _is_new = Cheque.objects.get_or_create(order=row.order)
    _release(cheque, row)
    cache.delete(get_key(row.order.bill_id))
    enqueue_after_commit(tasks.send_cheque, order_id=row.order.pk)
    if row.kind == Kind.CHEQUE_MISSING:
        settle_rows([row], by=by)


def ask_again(*, mismatch_id: int, by: User) -> bool:
    """Ask the provider about the row's bill or refund now; say whether that settled it.

    Raises AlreadyTaken, WrongAction and what `audit_bill` or `send_refund` raise.
    """
    row = Mismatch.objects.select_related("order", "bill").get(pk=mismatch_id)
    _check(row, ASK)
    if row.order:
        record_event(row.order, "asked_again", by=by, mismatch=row.pk, kind=row.kind)
    if row.kind == Kind.REFUND_STUCK:
        send_refund(refund_id=UUID(row.details["refund"]))
    elif row.bill:
        examine_bill(bill_id=row.bill.pk)
    gone = Mismatch.objects.filter(pk=row.pk, how=How.GONE)
    gone.filter(settled_by=None).update(settled_by=by)
    return gone.exists()


@transaction.atomic
def settle_by_note(*, mismatch_id: int, by: User, note: str) -> None:
    """Settle a row because a person says so, and how. Raises AlreadyTaken, WrongAction, NoteMissing."""
    row = _lock(mismatch_id)
    if not may_note(row):
        raise WrongAction(row.kind)
    if not row.is_open:
        raise AlreadyTaken(row)
    if not note.strip():
        raise NoteMissing(row.pk)
    settle_rows([row], by=by, note=note.strip())
    if row.order:
        mark_refund_due(row.order)


def describe_refund(row: Mismatch) -> tuple[Decimal, bool]:
    """How much the refund button would give back, and whether by hand."""
    if row.bill is None:
        return Decimal(), True
    amount = _get_owed(row, row.bill)
    return amount, goes_by_hand(bill=row.bill, amount=amount)


def _get_owed(row: Mismatch, bill: Bill) -> Decimal:
    """All that is left, or what failed to go back of it."""
    left = get_refundable(bill_id=bill.pk)
    return min(row.amount, left) if row.kind == Kind.REFUND_DUE and row.amount else left


def _take(mismatch_id: int, by: User, action: str) -> Mismatch:
    """The row, locked after its bill and order, in the name of `by`."""
    row = _lock(mismatch_id)
    _check(row, action)
    row.taken_at, row.taken_by = timezone.now(), by
    row.save(update_fields=["taken_at", "taken_by"])
    return row


def _lock(mismatch_id: int) -> Mismatch:
    seen = Mismatch.objects.select_related("order", "bill").get(pk=mismatch_id)
    hold(bill=seen.bill, order=seen.order)
    rows = Mismatch.objects.select_related("order", "bill", "taken_by", "settled_by").locked()
    return rows.get(pk=mismatch_id)


def _check(row: Mismatch, action: str) -> None:
    if get_action(row) != action and not (action == ASK and may_ask(row)):
        raise WrongAction(row.kind)
    if not row.is_open or row.is_taken:
        raise AlreadyTaken(row)


def _release(mail: Cheque | Letter, row: Mismatch) -> None:
    """Let a stuck mail be claimed once more. Raises AlreadyTaken where it went out meanwhile."""
    mails = type(mail)._default_manager.filter(pk=mail.pk).exclude(status=OrderMail.Status.SENT)
    now = timezone.now()
    if not mails.update(status=OrderMail.Status.PENDING, claimed_at=None, due_at=now, attempts=0):
        raise AlreadyTaken(row)
