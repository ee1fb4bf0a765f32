"""Everything the rest of the house may ask of payments. Bills are changed nowhere else."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.commits import after_commit
from core.money import Money
from core.tasks import enqueue_after_commit
from payments import tasks
from payments.auditing import Aspect, Difference, audit_bill, list_listing_providers, note_strangers
from payments.cache import drop_view
from payments.exchange import open_bill, reject_bill, sync_bill
from payments.facade import BillView, describe_bill
from payments.inbox import store_notification
from payments.models import Bill, BillEvent
from payments.providers import get_provider
from payments.providers.base import Unsupported
from payments.receipts import ReceiptDraft
from payments.refunding import send_refund
from payments.refunds import (
    RefundConflict,
    RefundImpossible,
    RefundTooLarge,
    can_refund,
    get_refundable,
    record_found_refund,
    record_manual_refund,
    request_refund,
)
from payments.settlements import request_settlement
from payments.settling import send_settlement

__all__ = [
    "Aspect",
    "BillView",
    "Difference",
    "RefundConflict",
    "RefundImpossible",
    "RefundTooLarge",
    "audit_bill",
    "can_refund",
    "create_bill",
    "describe_bill",
    "get_least_amount",
    "get_refundable",
    "list_listing_providers",
    "note_strangers",
    "open_bill",
    "record_found_refund",
    "record_manual_refund",
    "record_webhook",
    "reject_bill",
    "request_refund",
    "request_reject",
    "request_settlement",
    "send_refund",
    "send_settlement",
    "sync_bill",
]


def get_least_amount() -> Decimal:
    """The least sum that the provider in use takes at once, in roubles."""
    return get_provider(settings.PAYMENT_PROVIDER).capabilities.min_amount


def create_bill(
    *,
    amount: Decimal,
    comment: str,
    expires_at: datetime,
    return_url: str = "",
    currency: str = "RUB",
    bill_id: UUID | None = None,
    receipt: ReceiptDraft | None = None,
) -> Bill:
    """Make a bill, unknown to the provider as yet, within the caller's transaction. No network.

    `bill_id` may be chosen by the caller, so that `return_url` can contain it. `receipt` is what the bill is
    for; its lines must cost exactly `amount` (else ReceiptInvalid). Raises Unsupported where the provider in
    use can't take that much or that little, in that currency or for that long.
    """
    provider = get_provider(settings.PAYMENT_PROVIDER)
    money = Money(amount, currency)
    able = provider.capabilities
    if currency not in able.currencies or not able.min_amount <= money.amount <= able.max_amount:
        message = f"{provider.code} can't take {money.amount} {currency}"
        raise Unsupported(message)
    if expires_at - timezone.now() > able.max_lifetime:
        message = f"{provider.code} keeps no bill until {expires_at}"
        raise Unsupported(message)
    if receipt:
        receipt.check(money.amount)
    new_id = bill_id or uuid4()
    return Bill.objects.create(
        id=new_id,
        provider=provider.code,
        account=provider.account,
        external_id=str(new_id) if able.keeps_our_id else "",
        amount=money.amount,
        currency=currency,
        comment=comment[:255],
        return_url=return_url,
        expires_at=expires_at,
        receipt=receipt.write() if receipt else None,
    )


@transaction.atomic
def request_reject(*, bill_id: UUID) -> str:
    """Note that nobody is to pay this bill and have it closed after commit; returns the task's id.

    The bill's row stays locked until the transaction ends. A bill that is final already is left as it is.
    """
    bill = Bill.objects.locked(bill_id)
    if bill.is_open and bill.reject_requested_at is None:
        bill.reject_requested_at = timezone.now()
        bill.save(update_fields=["reject_requested_at"])
    return enqueue_after_commit(tasks.reject_bill, bill_id=str(bill_id))


def record_webhook(
    *, provider: str, headers: Mapping[str, str], raw_body: bytes, sender: str = ""
) -> BillEvent | None:
    """Check and keep a notification and have its bill looked after; returns the event, None for a repetition.

    `sender` is the address it came from. Raises SignatureInvalid or MalformedMessage, and then keeps nothing.
    Changes no bill.
    """
    hint = get_provider(provider).read_webhook(headers, raw_body, sender=sender)
    event, is_new = store_notification(provider=provider, hint=hint)
    if not is_new:
        return None
    if event.bill_id:
        after_commit(drop_view, event.bill_id)
        enqueue_after_commit(tasks.sync_bill, bill_id=str(event.bill_id))
    return event
