"""QIWI's bodies, to the letter of its documents: what it takes, what it answers, how it refuses."""

import json
import re
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from payments.emulator.bills import Bill
from payments.emulator.clock import write_date, write_plain_date, write_short_date

BILL_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,20})?")
MAX_COMMENT = 255
MAX_LIFETIME = timedelta(days=45)
# Not in the documents; the live service added it in 2022 and strict clients broke.
UNDOCUMENTED = {"recipientPhoneNumber": "79000000000"}


class Refusal(Exception):
    """An error QIWI would answer with."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description


def read_bill(bill_id: str, raw: bytes, *, site_id: str, now: datetime) -> Bill:
    """Make a bill of a PUT's body. Raises Refusal as QIWI would."""
    try:
        data = json.loads(raw.decode("utf-8"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(data, dict):
        raise _unreadable()
    if not BILL_ID.fullmatch(bill_id):
        raise _invalid("billId")
    currency, value = _read_amount(data.get("amount"))
    comment = data.get("comment") or ""
    if not isinstance(comment, str) or len(comment) > MAX_COMMENT:
        raise _invalid("comment")
    return Bill(
        bill_id=bill_id,
        site_id=site_id,
        currency=currency,
        value=value,
        created=now,
        expires=_read_expiry(data.get("expirationDateTime"), now),
        comment=comment,
        customer=_read_object(data, "customer"),
        custom_fields=_read_object(data, "customFields"),
    )


def write_bill(bill: Bill, *, pay_url: str) -> dict[str, Any]:
    """Write a bill as the API answers it; what was not given is not there."""
    return {
        "siteId": bill.site_id,
        "billId": bill.bill_id,
        "amount": {"currency": bill.currency, "value": bill.value},
        "status": {"value": bill.status, "changedDateTime": write_date(bill.status_changed)},
        **_write_given(bill),
        "creationDateTime": write_date(bill.created),
        "expirationDateTime": write_plain_date(bill.expires),
        "payUrl": pay_url,
        **UNDOCUMENTED,
    }


def write_notification(bill: Bill) -> dict[str, Any]:
    """Write a bill as notifications tell it: no address to pay at, shorter dates."""
    body = {
        "siteId": bill.site_id,
        "billId": bill.bill_id,
        "amount": {"value": bill.value, "currency": bill.currency},
        "status": {"value": bill.status, "changedDateTime": write_short_date(bill.status_changed)},
        **_write_given(bill),
        "creationDateTime": write_short_date(bill.created),
        "expirationDateTime": write_short_date(bill.expires),
        **UNDOCUMENTED,
    }
    return {"bill": body, "version": "1"}


def write_error(refusal: Refusal, *, now: datetime) -> dict[str, str]:
    """Write an error as the API answers it."""
    return {
        "serviceName": "invoicing-api",
        "errorCode": refusal.code,
        "description": refusal.description,
        "userMessage": refusal.description,
        "dateTime": write_date(now),
        "traceId": uuid4().hex[:16],
    }


def _write_given(bill: Bill) -> dict[str, Any]:
    given = {"customer": bill.customer, "customFields": bill.custom_fields, "comment": bill.comment}
    return {name: value for name, value in given.items() if value}


def _read_amount(amount: object) -> tuple[str, str]:
    """Read the sum; QIWI rounds down to two decimals."""
    if not isinstance(amount, dict):
        raise _invalid("amount")
    if amount.get("currency") not in {"RUB", "KZT"}:
        raise _invalid("amount.currency")
    text = amount.get("value")
    if not isinstance(text, str) or not AMOUNT.fullmatch(text):
        raise _invalid("amount.value")
    try:
        value = Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    except InvalidOperation:
        raise _invalid("amount.value") from None
    if value <= 0:
        raise _invalid("amount.value")
    return str(amount["currency"]), str(value)


def _read_expiry(text: object, now: datetime) -> datetime:
    """Read until when it can be paid; never longer than 45 days, which is also what silence means."""
    latest = now + MAX_LIFETIME
    if text is None:
        return latest
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise _unreadable() from None
    if moment.tzinfo is None:
        raise _unreadable()
    if moment <= now:
        raise _invalid("expirationDateTime")
    return min(moment, latest)


def _read_object(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name) or {}
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def _unreadable() -> Refusal:
    return Refusal(400, "http.message.conversion.failed", "Request can't be read")


def _invalid(name: str) -> Refusal:
    return Refusal(400, "validation.error", f"Validation error: {name}")
