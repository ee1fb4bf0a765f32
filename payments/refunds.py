"""Deciding that money goes back. Nothing here calls a provider: a task does, after commit."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from core.money import round_money
from core.tasks import enqueue_after_commit
from payments import tasks
from payments.models import Bill, Refund, Settlement
from payments.providers import get_provider
from payments.providers.base import Unsupported
from payments.receipts import ReceiptDraft
from payments.signals import refund_changed

Status = Refund.Status


class RefundImpossible(Exception):
    """The bill was never paid: there is nothing to give back."""


class RefundTooLarge(Exception):
    """No such sum can go back, only one of whole kopecks up to `left`."""

    def __init__(self, left: Decimal) -> None:
        super().__init__(f"up to {left} can be given back")
        self.left = left


class RefundConflict(Exception):
    """The key was used for another refund already."""


def get_refundable(*, bill_id: UUID) -> Decimal:
    """Return how much of the bill can still be given back; refunds under way count as given."""
    bill = Bill.objects.get(pk=bill_id)
    return _get_left(bill) if bill.status == Bill.Status.PAID else Decimal()


def can_refund(*, bill: Bill, amount: Decimal) -> bool:
    """Say whether the bill's provider can give that much back; where it can't, a person does it by hand."""
    try:
        able = get_provider(bill.provider).capabilities
    except Unsupported:  # a provider of former times
        return False
    return able.refund and (amount == bill.amount or able.partial_refund)


@transaction.atomic
def request_refund(
    *,
    bill_id: UUID,
    amount: Decimal,
    key: str,
    reason: str,
    by: AbstractBaseUser | None = None,
    receipt: ReceiptDraft | None = None,
) -> Refund:
    """Have `amount` given back through the bill's provider, after commit; one key gives one refund.

    Without `receipt` the lines of the bill's own are given back: all of them, or a share. Raises Unsupported
    where the provider can't, RefundImpossible, RefundTooLarge, RefundConflict or ReceiptInvalid, and then
    nothing is changed.
    """
    bill = Bill.objects.locked(bill_id)
    known = _find_known(key, bill, amount, by_hand=False)
    if known:
        return known
    _check(bill, amount)
    if not can_refund(bill=bill, amount=amount):
        message = f"{bill.provider} can't give {amount} of {bill.amount} back"
        raise Unsupported(message)
    draft = receipt or _make_receipt(bill, amount)
    if draft:
        draft.check(amount)
    refund = _create(
        bill, amount=amount, key=key, reason=reason, by=by, receipt=draft.write() if draft else None
    )
    enqueue_after_commit(tasks.send_refund, refund_id=str(refund.pk))
    return refund


def record_manual_refund(
    *, bill_id: UUID, amount: Decimal, key: str, reason: str, reference: str, by: AbstractBaseUser | None
) -> Refund:
    """Write down that a person gave `amount` back outside the provider; `reference` names the transfer.

    Raises RefundImpossible, RefundTooLarge, RefundConflict, and ValueError without a reference.
    """
    return _record_done(
        bill_id=bill_id, amount=amount, key=key, reason=reason, reference=reference, by=by, by_hand=True
    )


def record_found_refund(
    *, bill_id: UUID, amount: Decimal, key: str, reason: str, reference: str, by: AbstractBaseUser | None
) -> Refund:
    """Write down a refund that was made at the provider, but not by us; `reference` is its number there.

    Raises what `record_manual_refund` raises.
    """
    return _record_done(
        bill_id=bill_id, amount=amount, key=key, reason=reason, reference=reference, by=by, by_hand=False
    )


@transaction.atomic
def _record_done(
    *,
    bill_id: UUID,
    amount: Decimal,
    key: str,
    reason: str,
    reference: str,
    by: AbstractBaseUser | None,
    by_hand: bool,
) -> Refund:
    """Write down a refund that has happened already, and tell the house."""
    if not reference.strip():
        message = "a refund that was made elsewhere needs the reference it has there"
        raise ValueError(message)
    bill = Bill.objects.locked(bill_id)
    known = _find_known(key, bill, amount, by_hand=by_hand)
    if known:
        return known
    _check(bill, amount)
    now = timezone.now()
    refund = _create(
        bill,
        amount=amount,
        key=key,
        reason=reason,
        by=by,
        status=Status.DONE,
        by_hand=by_hand,
        external_id=reference[:200],
        sent_at=None if by_hand else now,
        finished_at=now,
    )
    refund_changed.send(sender=Refund, refund=refund, previous=Status.REQUESTED)
    return refund


def _find_known(key: str, bill: Bill, amount: Decimal, *, by_hand: bool) -> Refund | None:
    """Return the refund this key made, if it is the same that is asked for now."""
    known = Refund.objects.filter(key=key).select_related("bill").first()
    if known and (known.bill_id, known.amount, known.by_hand) != (bill.pk, amount, by_hand):
        raise RefundConflict(key)
    return known


def _check(bill: Bill, amount: Decimal) -> None:
    if bill.status != Bill.Status.PAID:
        raise RefundImpossible(str(bill.pk))
    left = _get_left(bill)
    if not 0 < amount <= left or round_money(amount) != amount:
        raise RefundTooLarge(left)


def _get_left(bill: Bill) -> Decimal:
    return bill.amount - bill.refunds.counting().get_total()


def _make_receipt(bill: Bill, amount: Decimal) -> ReceiptDraft | None:
    """The bill's own lines, or a share; of what was handed over already, once that is on a receipt."""
    draft = ReceiptDraft.read(bill.receipt)
    if draft is None:
        return None
    if Settlement.objects.filter(bill=bill).exclude(status=Settlement.Status.FAILED).exists():
        draft = draft.settled()
    return draft if amount == bill.amount else draft.take_share(amount)


def _create(bill: Bill, *, by: AbstractBaseUser | None, reason: str, **facts: Any) -> Refund:
    user_id = by.pk if by else None
    return Refund.objects.create(bill=bill, requested_by_id=user_id, reason=reason[:200], **facts)
