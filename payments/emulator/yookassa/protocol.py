"""YooKassa's bodies, to the letter of its documents: what it takes, what it answers, how it refuses."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from payments.emulator.bills import EXPIRED, HELD, PAID, REJECTED, WAITING, Bill
from payments.emulator.yookassa.receipts import check_receipt
from payments.emulator.yookassa.refusals import Refusal

AMOUNT = re.compile(r"[0-9]{1,8}\.[0-9]{2}")
TO_CONFIRM = timedelta(hours=1)
MAX_DESCRIPTION = 128
MAX_RETURN_URL = 2048
MAX_METADATA = (16, 32, 512)
STATUSES = {
    WAITING: "pending",
    HELD: "waiting_for_capture",
    PAID: "succeeded",
    REJECTED: "canceled",
    EXPIRED: "canceled",
}
EVENTS = {HELD: "waiting_for_capture", PAID: "succeeded", REJECTED: "canceled", EXPIRED: "canceled"}


def read_json(raw: bytes) -> dict[str, Any]:
    """Read a request's body; numbers stay text. Raises Refusal."""
    try:
        data = json.loads(raw.decode("utf-8"), parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Refusal(400, "invalid_request", "Request can't be read") from None
    if not isinstance(data, dict):
        raise Refusal(400, "invalid_request", "Request is no object")
    return data


def read_payment(raw: bytes, *, shop_id: str, now: datetime) -> Bill:
    """Make a payment of a request. Raises Refusal as YooKassa would."""
    data = read_json(raw)
    value = read_amount(data)
    confirmation = data.get("confirmation")
    if not isinstance(confirmation, dict) or confirmation.get("type") != "redirect":
        raise Refusal.about("confirmation.type")
    description = data.get("description") or ""
    if not isinstance(description, str) or len(description) > MAX_DESCRIPTION:
        raise Refusal.about("description")
    receipt = data.get("receipt") or {}
    if receipt:
        check_receipt(receipt, value)
    return Bill(
        bill_id=str(uuid4()),
        site_id=shop_id,
        currency="RUB",
        value=value,
        created=now,
        expires=now + TO_CONFIRM,
        comment=description,
        custom_fields=_read_metadata(data),
        return_url=_read_return_url(confirmation),
        capture=data.get("capture", False) is True,
        receipt=receipt,
    )


def read_amount(data: dict[str, Any]) -> str:
    """Read the sum: text with a dot and two decimals, in roubles. Raises Refusal."""
    amount = data.get("amount")
    if not isinstance(amount, dict):
        raise Refusal.about("amount")
    if amount.get("currency") != "RUB":
        raise Refusal.about("amount.currency")
    value = amount.get("value")
    if not isinstance(value, str) or not AMOUNT.fullmatch(value) or Decimal(value) <= 0:
        raise Refusal.about("amount.value")
    return value


def write_payment(bill: Bill, *, pay_url: str) -> dict[str, Any]:
    """Write a payment as the API answers it; what it has not is not there."""
    refunded = sum((Decimal(item["amount"]["value"]) for item in bill.refunds), Decimal())
    data: dict[str, Any] = {
        "id": bill.bill_id,
        "status": STATUSES[bill.status],
        "paid": bill.status in {HELD, PAID},
        "amount": {"value": bill.value, "currency": bill.currency},
        "description": bill.comment,
        "recipient": {"account_id": bill.site_id, "gateway_id": "1840655"},
        "created_at": write_date(bill.created),
        "metadata": bill.custom_fields,
        "test": True,
        "refundable": bill.status == PAID,
    }
    if bill.status == WAITING:
        data["confirmation"] = {
            "type": "redirect",
            "return_url": bill.return_url,
            "confirmation_url": pay_url,
        }
    if bill.status == PAID:
        data["captured_at"] = write_date(bill.status_changed)
        data["refunded_amount"] = {"value": f"{refunded:.2f}", "currency": bill.currency}
    if bill.status in {REJECTED, EXPIRED}:
        reason = bill.reason or ("expired_on_confirmation" if bill.status == EXPIRED else "general_decline")
        party = "merchant" if reason == "canceled_by_merchant" else "yoo_money"
        data["cancellation_details"] = {"party": party, "reason": reason}
    if bill.receipt:
        data["receipt_registration"] = "succeeded" if bill.status == PAID else "pending"
    return data


def write_error(refusal: Refusal) -> dict[str, Any]:
    """Write an error as the API answers it."""
    error = {
        "type": "error",
        "id": str(uuid4()),
        "code": refusal.code,
        "description": refusal.description,
        "parameter": refusal.parameter,
    }
    return {name: value for name, value in error.items() if value}


def write_date(moment: datetime) -> str:
    """Write a date as YooKassa does: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_return_url(confirmation: dict[str, Any]) -> str:
    url = confirmation.get("return_url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or len(url) > MAX_RETURN_URL:
        raise Refusal.about("confirmation.return_url")
    return url


def _read_metadata(data: dict[str, Any]) -> dict[str, str]:
    metadata = data.get("metadata") or {}
    most, longest_name, longest_value = MAX_METADATA
    if not isinstance(metadata, dict) or len(metadata) > most:
        raise Refusal.about("metadata")
    for name, value in metadata.items():
        if len(name) > longest_name or not isinstance(value, str) or len(value) > longest_value:
            raise Refusal.about("metadata")
    return metadata
