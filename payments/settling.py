"""Having the receipt of handing over made, and learning what became of it.

The provider is called outside any transaction, under a key that makes a repetition harmless; then bill and
settlement are locked and what the provider said is written down.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.money import Money
from payments.breaker import guard
from payments.inbox import record_answer
from payments.models import Bill, BillEvent, Settlement
from payments.providers import get_provider
from payments.providers.base import (
    Misconfigured,
    NotFound,
    RemoteReceipt,
    RemoteReceiptStatus,
    RequestRejected,
    SettlementRequest,
)
from payments.receipts import ReceiptDraft
from payments.refunding import refer

Status = Settlement.Status
MOVES: dict[RemoteReceiptStatus, Settlement.Status] = {
    RemoteReceiptStatus.PENDING: Status.PENDING,
    RemoteReceiptStatus.DONE: Status.DONE,
    RemoteReceiptStatus.FAILED: Status.FAILED,
}


def send_settlement(*, settlement_id: UUID) -> Settlement:
    """Have the provider's till make the receipt, or ask how far it is. May be run any number of times.

    Raises ProviderUnavailable or OutcomeUnknown where it is to be tried again, Misconfigured where a person
    has to act first. A receipt the provider refuses is failed, and an alarm.
    """
    settlement = _begin(settlement_id)
    if settlement.is_final:
        return settlement
    try:
        with guard(settlement.bill.provider):
            remote = _ask(settlement)
    except RequestRejected as error:
        if isinstance(error, Misconfigured):
            _alarm(settlement.bill, str(error))
            raise
        return _apply(settlement_id, Status.FAILED, failure=str(error)[:200])
    status = MOVES.get(remote.status, Status.PENDING)
    return _apply(settlement_id, status, external_id=remote.external_id, failure=remote.failure[:200])


def _ask(settlement: Settlement) -> RemoteReceipt:
    provider = get_provider(settlement.bill.provider)
    if settlement.external_id:
        return provider.fetch_receipt(settlement.external_id)
    draft = ReceiptDraft.read(settlement.receipt)
    if draft is None:
        message = "a settlement without lines"
        raise RequestRejected(message)
    request = SettlementRequest(
        settlement_id=settlement.pk,
        bill=refer(settlement.bill),
        money=Money(settlement.amount, settlement.bill.currency),
        receipt=draft,
        asked_at=settlement.sent_at,
    )
    try:
        return provider.settle(request)
    except NotFound as error:
        message = "the provider knows no such payment"
        raise RequestRejected(message, code="not_found") from error


@transaction.atomic
def _begin(settlement_id: UUID) -> Settlement:
    """Note, before the provider is called, that it will be. The first call is made as if none had been."""
    settlement = _lock(settlement_id)
    if settlement.sent_at is None:
        Settlement.objects.filter(pk=settlement_id).update(sent_at=timezone.now())
    return settlement


@transaction.atomic
def _apply(
    settlement_id: UUID, status: Settlement.Status, *, failure: str, external_id: str = ""
) -> Settlement:
    settlement = _lock(settlement_id)
    if settlement.is_final:
        return settlement
    settlement.status, settlement.failure = status, failure
    settlement.external_id = settlement.external_id or external_id
    settlement.checked_at = timezone.now()
    settlement.save(update_fields=["status", "failure", "external_id", "checked_at"])
    if status == Status.FAILED:
        _alarm(settlement.bill, failure)
    return settlement


def _alarm(bill: Bill, reason: str) -> None:
    """Have a person see that a receipt the law asks for was not made."""
    detail = f"settlement receipt: {reason}"[:500]
    record_answer(bill=bill, source=BillEvent.Source.API, result=BillEvent.Result.REFUSED, detail=detail)


def _lock(settlement_id: UUID) -> Settlement:
    """Return the settlement with its bill, both rows locked, the bill first."""
    bill = Bill.objects.locked(Settlement.objects.values_list("bill_id", flat=True).get(pk=settlement_id))
    settlement = Settlement.objects.select_for_update(of=("self",)).get(pk=settlement_id)
    settlement.bill = bill
    return settlement
