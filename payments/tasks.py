"""Work for the worker: one bill, one call, safe to run any number of times."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from payments import exchange, refunding, settling
from payments.models import Bill
from payments.providers.base import Misconfigured, OutcomeUnknown, ProviderUnavailable

# A task that gives up loses nothing, so that is no error: the periodic jobs find the bill again.
MONEY_TASK: dict[str, Any] = {
    "acks_late": True,
    "reject_on_worker_lost": True,
    "autoretry_for": (ProviderUnavailable, OutcomeUnknown, OperationalError),
    "throws": (ProviderUnavailable, OutcomeUnknown),
    "retry_backoff": 2,
    "retry_backoff_max": 300,
    "retry_jitter": True,
    "max_retries": 8,
}


@shared_task(**MONEY_TASK)
def open_bill(bill_id: str) -> dict[str, str]:
    """Make the bill known to its provider."""
    try:
        return _report(exchange.open_bill(bill_id=UUID(bill_id)))
    except Misconfigured as error:
        return {"bill": bill_id, "status": Bill.Status.CREATED, "refused": error.code}


@shared_task(**MONEY_TASK)
def sync_bill(bill_id: str) -> dict[str, str]:
    """Ask the provider how the bill stands and act on it."""
    return _report(exchange.sync_bill(bill_id=UUID(bill_id)))


@shared_task(**MONEY_TASK)
def reject_bill(bill_id: str) -> dict[str, str]:
    """Close the bill at its provider, or learn that it was paid."""
    return _report(exchange.reject_bill(bill_id=UUID(bill_id)))


@shared_task(**MONEY_TASK)
def send_refund(refund_id: str) -> dict[str, str]:
    """Have the provider give money back, or ask how far it is."""
    try:
        refund = refunding.send_refund(refund_id=UUID(refund_id))
    except Misconfigured as error:
        return {"refund": refund_id, "status": "", "refused": error.code}
    return {"refund": refund_id, "status": str(refund.status)}


@shared_task(**MONEY_TASK)
def send_settlement(settlement_id: str) -> dict[str, str]:
    """Have the receipt of handing over made, or ask how far it is."""
    try:
        settlement = settling.send_settlement(settlement_id=UUID(settlement_id))
    except Misconfigured as error:
        return {"settlement": settlement_id, "status": "", "refused": error.code}
    return {"settlement": settlement_id, "status": str(settlement.status)}


def _report(bill: Bill) -> dict[str, str]:
    return {"bill": str(bill.pk), "status": str(bill.status)}
