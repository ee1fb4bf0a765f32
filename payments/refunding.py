"""Giving money back through a provider, and learning what became of it.

The provider is called outside any transaction, under a key that makes a repetition harmless; then the bill is
locked, then its refund, and what the provider said is written down and told.
"""

import logging
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from payments.breaker import guard
from payments.inbox import record_answer
from payments.models import Bill, BillEvent, Refund
from payments.providers import get_provider
from payments.providers.base import (
    BillRef,
    Misconfigured,
    NotFound,
    RefundRequest,
    RemoteRefund,
    RemoteRefundStatus,
    RequestRejected,
)
from payments.receipts import ReceiptDraft
from payments.signals import refund_changed

logger = logging.getLogger(__name__)

Status = Refund.Status
Result = BillEvent.Result
Source = BillEvent.Source
MOVES: dict[RemoteRefundStatus, Refund.Status] = {
    RemoteRefundStatus.PENDING: Status.PENDING,
    RemoteRefundStatus.DONE: Status.DONE,
    RemoteRefundStatus.FAILED: Status.FAILED,
}


def send_refund(*, refund_id: UUID) -> Refund:
    """Have the provider give the money back, or ask how far it is. May be run any number of times.

    Raises ProviderUnavailable or OutcomeUnknown where it is to be tried again, Misconfigured where a person
    has to act first. A refund the provider refuses is failed.
    """
    refund = _begin(refund_id)
    if refund.is_final:
        return refund
    try:
        with guard(refund.bill.provider):
            remote = _ask(refund)
    except RequestRejected as error:
        record_answer(
            bill=refund.bill, source=Source.API, result=Result.REFUSED, detail=f"refund: {error}"[:500]
        )
        if isinstance(error, Misconfigured):
            raise
        return _finish(refund_id, Status.FAILED, failure=str(error)[:200])
    return _apply(refund_id, remote)


def sync_refunds(*, bill: Bill) -> None:
    """Bring the refunds of a paid bill up to date; alarm where more went back than we asked for."""
    provider = get_provider(bill.provider)
    if not provider.capabilities.refund:
        return
    for refund_id in bill.refunds.filter(status=Status.PENDING).values_list("pk", flat=True):
        send_refund(refund_id=refund_id)
    with guard(bill.provider):
        remote = provider.fetch(refer(bill))
    ours = bill.refunds.counting().filter(by_hand=False).get_total()
    theirs = remote.refunded or Decimal()
    if theirs > ours:
        record_answer(
            bill=bill,
            source=Source.POLL,
            result=Result.MISMATCH,
            remote=remote,
            detail=f"refunded: ours {ours}, theirs {theirs}",
        )


def refer(bill: Bill) -> BillRef:
    """Name the bill to its provider."""
    return BillRef(bill_id=bill.pk, external_id=bill.external_id, asked_at=bill.created_at)


def _ask(refund: Refund) -> RemoteRefund:
    provider = get_provider(refund.bill.provider)
    if refund.external_id:
        return provider.fetch_refund(refund.external_id)
    request = RefundRequest(
        refund_id=refund.pk,
        bill=refer(refund.bill),
        money=refund.money,
        reason=refund.reason,
        asked_at=refund.sent_at,
        receipt=ReceiptDraft.read(refund.receipt),
    )
    try:
        return provider.refund(request)
    except NotFound as error:
        message = "the provider knows no such payment"
        raise RequestRejected(message, code="not_found") from error


@transaction.atomic
def _begin(refund_id: UUID) -> Refund:
    """Note, before the provider is called, that it will be: from here on money may be on its way."""
    refund = _lock(refund_id)
    if refund.status == Status.REQUESTED and refund.sent_at is None:
        refund.sent_at = timezone.now()
        refund.save(update_fields=["sent_at"])
    return refund


@transaction.atomic
def _apply(refund_id: UUID, remote: RemoteRefund) -> Refund:
    refund = _lock(refund_id)
    if refund.is_final:
        return refund
    fault = _find_mismatch(refund, remote)
    if fault:
        record_answer(bill=refund.bill, source=Source.API, result=Result.MISMATCH, detail=f"refund {fault}")
        return refund
    refund.external_id = remote.external_id
    refund.checked_at = timezone.now()
    refund.save(update_fields=["external_id", "checked_at"])
    status = MOVES.get(remote.status)
    if status is None:
        record_answer(
            bill=refund.bill, source=Source.API, result=Result.UNKNOWN_STATUS, detail=f"refund {refund}"
        )
    elif status != refund.status:
        _move(refund, status)
    return refund


@transaction.atomic
def _finish(refund_id: UUID, status: Refund.Status, *, failure: str) -> Refund:
    refund = _lock(refund_id)
    if not refund.is_final:
        refund.failure = failure
        _move(refund, status)
    return refund


def _move(refund: Refund, status: Refund.Status) -> None:
    """Change a locked refund and, where that is its end, tell the house."""
    previous = refund.status
    refund.status = status
    if refund.is_final:
        refund.finished_at = timezone.now()
    refund.save(update_fields=["status", "finished_at", "failure"])
    if status == Status.FAILED:
        logger.error(
            "Refund %s of bill %s failed: the money is still to be given back", refund, refund.bill_id
        )
    if refund.is_final:
        refund_changed.send(sender=Refund, refund=refund, previous=previous)


def _lock(refund_id: UUID) -> Refund:
    """Return the refund with its bill, both rows locked, the bill first."""
    bill_id = Refund.objects.values_list("bill_id", flat=True).get(pk=refund_id)
    bill = Bill.objects.locked(bill_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    refund.bill = bill
    return refund


def _find_mismatch(refund: Refund, remote: RemoteRefund) -> str:
    pairs = (
        ("payment", refund.bill.external_id, remote.bill_external_id),
        ("amount", refund.amount, remote.amount),
        ("currency", refund.bill.currency, remote.currency),
    )
    return next(
        (f"{name}: ours {ours}, theirs {theirs}" for name, ours, theirs in pairs if ours != theirs), ""
    )
