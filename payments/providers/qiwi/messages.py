"""QIWI's bodies, translated into ours."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from payments.providers.base import RemoteBill, RemoteStatus
from payments.providers.qiwi.signature import SignedFields
from payments.providers.wire import get_amount, get_link, get_object, get_token, parse_date

STATUSES = {
    "WAITING": RemoteStatus.WAITING,
    "PAID": RemoteStatus.PAID,
    "REJECTED": RemoteStatus.REJECTED,
    "EXPIRED": RemoteStatus.EXPIRED,
}
# What may be kept of an answer. Customers' data and own fields are not among it.
KEPT = ("siteId", "billId", "amount", "status", "comment", "creationDateTime", "expirationDateTime")


def read_bill(data: Mapping[str, Any]) -> RemoteBill:
    """Translate a bill; unknown fields are ignored. Raises MalformedMessage where it makes no sense."""
    fields = read_signed_fields(data)
    status = get_object(data, "status")
    return RemoteBill(
        external_id=fields.bill_id,
        account=fields.site_id,
        status=STATUSES.get(fields.status, RemoteStatus.UNKNOWN),
        amount=Decimal(fields.value),
        currency=fields.currency,
        pay_url=get_link(data.get("payUrl")),
        created_at=parse_date(data.get("creationDateTime")),
        changed_at=parse_date(status.get("changedDateTime")),
        expires_at=parse_date(data.get("expirationDateTime")),
        raw=redact(data),
    )


def read_signed_fields(data: Mapping[str, Any]) -> SignedFields:
    """Pick the five fields QIWI signs, each of the right type. Raises MalformedMessage."""
    amount = get_object(data, "amount")
    return SignedFields(
        currency=get_token(amount, "currency"),
        value=get_amount(amount),
        bill_id=get_token(data, "billId"),
        site_id=get_token(data, "siteId"),
        status=get_token(get_object(data, "status"), "value"),
    )


def redact(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what may be stored: no customer, no fields of others, no address to pay at."""
    return {name: data[name] for name in KEPT if name in data}
