"""YooKassa's bodies, written and translated."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from payments.providers.base import (
    BillRequest,
    RefundRequest,
    RemoteBill,
    RemoteReceipt,
    RemoteReceiptStatus,
    RemoteRefund,
    RemoteRefundStatus,
    RemoteStatus,
    SettlementRequest,
)
from payments.providers.wire import get_amount, get_link, get_object, get_token, parse_date
from payments.receipts import MAX_DESCRIPTION, ReceiptDraft

MAX_REASON = 200
STATUSES = {
    "pending": RemoteStatus.WAITING,
    "waiting_for_capture": RemoteStatus.WAITING,
    "succeeded": RemoteStatus.PAID,
    "canceled": RemoteStatus.REJECTED,
}
REFUND_STATUSES = {
    "pending": RemoteRefundStatus.PENDING,
    "succeeded": RemoteRefundStatus.DONE,
    "canceled": RemoteRefundStatus.FAILED,
}
RECEIPT_STATUSES = {
    "pending": RemoteReceiptStatus.PENDING,
    "succeeded": RemoteReceiptStatus.DONE,
    "canceled": RemoteReceiptStatus.FAILED,
}
# Nobody canceled it: its time ran out.
EXPIRED_REASONS = frozenset({"expired_on_confirmation", "expired_on_capture"})
# What may be kept of an answer. Cards, names and the address to pay at are not among it.
KEPT = (
    "id",
    "status",
    "paid",
    "test",
    "amount",
    "refunded_amount",
    "payment_id",
    "recipient",
    "metadata",
    "created_at",
    "captured_at",
    "cancellation_details",
    "receipt_registration",
)


def write_payment(request: BillRequest) -> bytes:
    """Write what makes a payment; the same request gives the same bytes, so it can be repeated."""
    body: dict[str, Any] = {
        "amount": _write_amount(request.money.amount, request.money.currency),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": request.return_url},
        "description": request.comment[:MAX_DESCRIPTION],
        "metadata": {"bill_id": str(request.bill_id)},
    }
    if request.receipt:
        body["receipt"] = _write_receipt(request.receipt, request.money.currency)
    return _write(body)


def write_refund(request: RefundRequest) -> bytes:
    """Write what makes a refund. Its number is in the description, where it can be found again."""
    body: dict[str, Any] = {
        "payment_id": request.bill.external_id,
        "amount": _write_amount(request.money.amount, request.money.currency),
        "description": f"{request.reason[:MAX_REASON]} [{request.refund_id}]".strip(),
    }
    if request.receipt:
        body["receipt"] = _write_receipt(request.receipt, request.money.currency)
    return _write(body)


def write_settlement(request: SettlementRequest) -> bytes:
    """Write what makes the receipt of handing over: the same lines, settled by what was paid before."""
    amount = _write_amount(request.money.amount, request.money.currency)
    body: dict[str, Any] = {
        "type": "payment",
        "payment_id": request.bill.external_id,
        "send": True,
        "settlements": [{"type": "prepayment", "amount": amount}],
        **_write_receipt(request.receipt, request.money.currency),
    }
    return _write(body)


def read_receipt(data: Mapping[str, Any]) -> RemoteReceipt:
    """Translate a receipt. Raises MalformedMessage where it makes no sense."""
    return RemoteReceipt(
        external_id=get_token(data, "id"),
        status=RECEIPT_STATUSES.get(get_token(data, "status"), RemoteReceiptStatus.UNKNOWN),
    )


def settles_prepayment(data: Mapping[str, Any]) -> bool:
    """Say whether a receipt is that of handing over."""
    settlements = data.get("settlements")
    parts = settlements if isinstance(settlements, list) else []
    return any(isinstance(part, dict) and part.get("type") == "prepayment" for part in parts)


def read_payment(data: Mapping[str, Any]) -> RemoteBill:
    """Translate a payment; unknown fields are ignored. Raises MalformedMessage where it makes no sense."""
    amount = get_object(data, "amount")
    confirmation = data.get("confirmation")
    link = confirmation.get("confirmation_url") if isinstance(confirmation, dict) else None
    return RemoteBill(
        external_id=get_token(data, "id"),
        bill_id=read_bill_id(data),
        account=get_token(get_object(data, "recipient"), "account_id"),
        status=_read_status(data),
        amount=Decimal(get_amount(amount)),
        currency=get_token(amount, "currency"),
        pay_url=get_link(link),
        created_at=parse_date(data.get("created_at")),
        changed_at=parse_date(data.get("captured_at")),
        refunded=_read_refunded(data),
        raw=redact(data),
    )


def read_refund(data: Mapping[str, Any]) -> RemoteRefund:
    """Translate a refund. Raises MalformedMessage where it makes no sense."""
    amount = get_object(data, "amount")
    return RemoteRefund(
        external_id=get_token(data, "id"),
        bill_external_id=get_token(data, "payment_id"),
        status=REFUND_STATUSES.get(get_token(data, "status"), RemoteRefundStatus.UNKNOWN),
        amount=Decimal(get_amount(amount)),
        currency=get_token(amount, "currency"),
        raw=redact(data),
    )


def read_bill_id(data: Mapping[str, Any]) -> UUID | None:
    """Return the number of ours that we gave the payment, if there is one."""
    metadata = data.get("metadata")
    text = metadata.get("bill_id") if isinstance(metadata, dict) else None
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def redact(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what may be stored."""
    return {name: data[name] for name in KEPT if name in data}


def write_date(moment: datetime) -> str:
    """Write a date as the filters of lists want it."""
    return moment.isoformat(timespec="milliseconds")


def _read_status(data: Mapping[str, Any]) -> RemoteStatus:
    status = STATUSES.get(get_token(data, "status"), RemoteStatus.UNKNOWN)
    details = data.get("cancellation_details")
    reason = details.get("reason") if isinstance(details, dict) else ""
    is_late = status == RemoteStatus.REJECTED and isinstance(reason, str) and reason in EXPIRED_REASONS
    return RemoteStatus.EXPIRED if is_late else status


def _read_refunded(data: Mapping[str, Any]) -> Decimal | None:
    return Decimal(get_amount(get_object(data, "refunded_amount"))) if "refunded_amount" in data else None


def _write_receipt(receipt: ReceiptDraft, currency: str) -> dict[str, Any]:
    items = [
        {
            "description": line.description[:MAX_DESCRIPTION],
            "quantity": line.quantity,
            "amount": _write_amount(line.unit_price, currency),
            "vat_code": line.vat_code,
            "payment_subject": line.subject,
            "payment_mode": line.mode,
            "measure": line.measure,
        }
        for line in receipt.lines
    ]
    return {"customer": {"email": receipt.email}, "internet": True, "items": items}


def _write_amount(amount: Decimal, currency: str) -> dict[str, str]:
    return {"value": f"{amount:.2f}", "currency": currency}


def _write(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
