"""QIWI behind the common interface."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.conf import settings

from payments.providers.base import (
    AlreadyFinal,
    BillRef,
    BillRequest,
    Capabilities,
    MalformedMessage,
    OutcomeUnknown,
    RefundRequest,
    RemoteBill,
    RemoteReceipt,
    RemoteRefund,
    RequestRejected,
    SettlementRequest,
    SignatureInvalid,
    Unsupported,
    WebhookHint,
)
from payments.providers.qiwi import signature
from payments.providers.qiwi.client import QiwiClient
from payments.providers.qiwi.messages import read_bill, read_signed_fields, redact
from payments.providers.transport import doubt
from payments.providers.wire import parse_date, parse_json

MOSCOW = timezone(timedelta(hours=3))
COMMENT_LENGTH = 255


class QiwiProvider:
    """Bills of QIWI's P2P API. Its bill id is our bill's id."""

    code = "qiwi"
    capabilities = Capabilities(
        reject_waiting=True,
        refund=False,
        partial_refund=False,
        signed_webhooks=True,
        fiscal_receipts=False,
        lists_paid=False,
        currencies=frozenset({"RUB", "KZT"}),
        max_amount=Decimal("999999.99"),
        max_lifetime=timedelta(days=45),
        keeps_our_id=True,
        live=False,
    )

    def __init__(self, *, client: QiwiClient, secrets: Sequence[str], account: str = "") -> None:
        self.account = account
        self._client = client
        self._secrets = secrets

    def create(self, request: BillRequest, *, timeout: float | None = None) -> RemoteBill:
        """Make the bill; where its id is taken, adopt the bill that has it."""
        body = build_body(request)
        try:
            answer = self._client.put_bill(str(request.bill_id), body, timeout=timeout)
        except RequestRejected as error:
            if not (error.code.endswith("already.exists") or error.code == "http.409"):
                raise
            return self.fetch(BillRef(request.bill_id), timeout=timeout)
        return _read_own(answer, is_write=True)

    def fetch(self, ref: BillRef, *, timeout: float | None = None) -> RemoteBill:
        """Return how the bill stands now."""
        return _read_own(self._client.get_bill(str(ref.bill_id), timeout=timeout), is_write=False)

    def reject(self, ref: BillRef, *, timeout: float | None = None) -> RemoteBill:
        """Reject the bill. After any other answer than success the bill itself is asked."""
        try:
            return _read_own(self._client.reject_bill(str(ref.bill_id), timeout=timeout), is_write=True)
        except (RequestRejected, OutcomeUnknown) as error:
            remote = self.fetch(ref, timeout=timeout)
            if remote.is_final:
                raise AlreadyFinal(remote) from error
            raise

    def refund(self, request: RefundRequest, *, timeout: float | None = None) -> RemoteRefund:
        """Refuse: money paid for a P2P bill goes back by hand."""
        message = "QIWI gives nothing back by API"
        raise Unsupported(message)

    def fetch_refund(self, external_id: str, *, timeout: float | None = None) -> RemoteRefund:
        """Refuse: there are none."""
        message = "QIWI knows no refunds"
        raise Unsupported(message)

    def settle(self, request: SettlementRequest, *, timeout: float | None = None) -> RemoteReceipt:
        """Refuse: QIWI has no till; receipts are made elsewhere."""
        message = "QIWI makes no receipts"
        raise Unsupported(message)

    def fetch_receipt(self, external_id: str, *, timeout: float | None = None) -> RemoteReceipt:
        """Refuse: there are none."""
        message = "QIWI knows no receipts"
        raise Unsupported(message)

    def list_paid(self, *, since: datetime, timeout: float | None = None) -> list[RemoteBill]:
        """Refuse: a bill is only told of to who knows its number."""
        message = "QIWI lists no bills"
        raise Unsupported(message)

    def read_webhook(self, headers: Mapping[str, str], raw_body: bytes, *, sender: str = "") -> WebhookHint:
        """Check the notification's signature and say what it claims; `sender` proves nothing here."""
        message = parse_json(raw_body)
        bill = message.get("bill")
        if not isinstance(bill, dict):
            reason = "bill is not an object"
            raise MalformedMessage(reason)
        fields = read_signed_fields(bill)
        if not signature.verify(fields, headers.get(signature.HEADER), self._secrets):
            reason = "not signed with our key"
            raise SignatureInvalid(reason)
        changed = bill["status"].get("changedDateTime")
        seen = hashlib.sha256(fields.message(fields.value) + b"|" + str(changed).encode()).hexdigest()
        return WebhookHint(
            external_id=fields.bill_id,
            bill_id=_read_uuid(fields.bill_id),
            claimed_status=read_bill(bill).status,
            dedupe_key=f"webhook:{seen}",
            payload=redact(bill),
            authenticated=True,
            occurred_at=parse_date(changed),
        )

    def build_pay_link(self, *, pay_url: str, return_url: str) -> str:
        """Add where the payer is sent afterwards; QIWI's own parameters stay as they are."""
        if not (pay_url and return_url):
            return pay_url
        parts = urlsplit(pay_url)
        query = [(name, value) for name, value in parse_qsl(parts.query) if name != "successUrl"]
        return urlunsplit(parts._replace(query=urlencode([*query, ("successUrl", return_url)])))


def build_provider() -> QiwiProvider:
    """Return the provider as the settings describe it."""
    return QiwiProvider(
        client=QiwiClient(base_url=settings.QIWI_API_URL, secret=settings.QIWI_SECRET_KEY),
        secrets=(settings.QIWI_SECRET_KEY, settings.QIWI_SECRET_KEY_PREVIOUS),
        account=settings.QIWI_SITE_ID,
    )


def build_body(request: BillRequest) -> bytes:
    """Return the request's body; the same request gives the same bytes, so it can be repeated.

    No name, address or phone of the payer is ever sent. The amount is text: QIWI never rounds for us.
    """
    expires = request.expires_at.astimezone(MOSCOW).replace(microsecond=0)
    body = {
        "amount": {"currency": request.money.currency, "value": f"{request.money.amount:.2f}"},
        "comment": request.comment[:COMMENT_LENGTH],
        "expirationDateTime": expires.isoformat(),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _read_own(answer: Mapping[str, object], *, is_write: bool) -> RemoteBill:
    """Translate the answer; nonsense with status 200 leaves a write in doubt and fails a read."""
    try:
        return read_bill(answer)
    except MalformedMessage as error:
        raise doubt(is_write=is_write)(str(error)) from error


def _read_uuid(text: str) -> UUID | None:
    try:
        bill_id = UUID(text)
    except ValueError:
        return None
    return bill_id if str(bill_id) == text else None
