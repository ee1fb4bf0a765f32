"""YooKassa behind the common interface.

Its number of a payment is its own: ours is in the payment's metadata and is the key under which it is made,
so that a request whose answer was lost can be repeated for a day. A payment its payer may be paying right now
can't be closed; such a bill stays open, and what comes of it is learned from YooKassa.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from django.conf import settings

from payments.providers.base import (
    AlreadyFinal,
    BillRef,
    BillRequest,
    CannotReject,
    Capabilities,
    MalformedMessage,
    NotFound,
    ProviderUnavailable,
    RefundRequest,
    RemoteBill,
    RemoteReceipt,
    RemoteRefund,
    RemoteStatus,
    SettlementRequest,
    SignatureInvalid,
    WebhookHint,
)
from payments.providers.transport import doubt
from payments.providers.wire import get_object, get_token, parse_date, parse_json
from payments.providers.yookassa.client import YooKassaClient
from payments.providers.yookassa.messages import (
    STATUSES,
    read_bill_id,
    read_payment,
    read_receipt,
    read_refund,
    redact,
    settles_prepayment,
    write_date,
    write_payment,
    write_refund,
    write_settlement,
)

T = TypeVar("T")

# Keys are remembered for 24 hours; an hour less, for clocks differ.
KEY_LIFETIME = timedelta(hours=23)
CLOCKS_DIFFER = timedelta(minutes=5)
# Where YooKassa says its notifications come from.
NETWORKS = (
    "185.71.76.0/27",
    "185.71.77.0/27",
    "77.75.153.0/25",
    "77.75.154.128/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "2a02:5180::/32",
)
PAGE = 100
MAX_PAGES = 20
MAX_PAGES_OF_PAID = 500


class YooKassaProvider:
    """One-stage payments of YooKassa, paid on its page."""

    code = "yookassa"
    capabilities = Capabilities(
        reject_waiting=False,
        refund=True,
        partial_refund=True,
        signed_webhooks=False,
        fiscal_receipts=True,
        lists_paid=True,
        currencies=frozenset({"RUB"}),
        max_amount=Decimal("700000.00"),
        # A bill is opened within its life, so that its key is still known whenever a request is repeated.
        max_lifetime=KEY_LIFETIME,
        keeps_our_id=False,
        live=True,
    )

    def __init__(self, *, client: YooKassaClient, account: str, networks: Sequence[str]) -> None:
        self.account = account
        self._client = client
        self._networks = networks

    def create(self, request: BillRequest, *, timeout: float | None = None) -> RemoteBill:
        """Make the payment under the bill's number as its key."""
        body = write_payment(request)
        answer = self._client.post("/payments", body, key=str(request.bill_id), timeout=timeout)
        return _read(read_payment, answer, is_write=True)

    def fetch(self, ref: BillRef, *, timeout: float | None = None) -> RemoteBill:
        """Return how the payment stands; one whose number we never heard is looked for by ours."""
        if not ref.external_id:
            return self._find(ref, timeout)
        answer = self._client.get(f"/payments/{ref.external_id}", timeout=timeout)
        return _read(read_payment, answer, is_write=False)

    def reject(self, ref: BillRef, *, timeout: float | None = None) -> RemoteBill:
        """Cancel a payment whose money is only held; no other can be."""
        remote = self.fetch(ref, timeout=timeout)
        if remote.is_final:
            raise AlreadyFinal(remote)
        if remote.raw.get("status") != "waiting_for_capture":
            raise CannotReject(remote)
        path = f"/payments/{remote.external_id}/cancel"
        answer = self._client.post(path, b"{}", key=f"{ref.bill_id}-cancel", timeout=timeout)
        return _read(read_payment, answer, is_write=True)

    def refund(self, request: RefundRequest, *, timeout: float | None = None) -> RemoteRefund:
        """Give money back under the refund's number as its key; once that is forgotten, look first."""
        if request.asked_at and datetime.now(UTC) - request.asked_at > KEY_LIFETIME:
            known = self._find_refund(request, timeout)
            if known:
                return known
        answer = self._client.post(
            "/refunds", write_refund(request), key=str(request.refund_id), timeout=timeout
        )
        return _read(read_refund, answer, is_write=True)

    def fetch_refund(self, external_id: str, *, timeout: float | None = None) -> RemoteRefund:
        """Return how a refund stands now."""
        return _read(
            read_refund, self._client.get(f"/refunds/{external_id}", timeout=timeout), is_write=False
        )

    def settle(self, request: SettlementRequest, *, timeout: float | None = None) -> RemoteReceipt:
        """Make the receipt under the settlement's number as its key; once that is forgotten, look first."""
        if request.asked_at and datetime.now(UTC) - request.asked_at > KEY_LIFETIME:
            known = self._find_settlement(request, timeout)
            if known:
                return known
        body = write_settlement(request)
        answer = self._client.post("/receipts", body, key=str(request.settlement_id), timeout=timeout)
        return _read(read_receipt, answer, is_write=True)

    def fetch_receipt(self, external_id: str, *, timeout: float | None = None) -> RemoteReceipt:
        """Return how a receipt stands now."""
        answer = self._client.get(f"/receipts/{external_id}", timeout=timeout)
        return _read(read_receipt, answer, is_write=False)

    def list_paid(self, *, since: datetime, timeout: float | None = None) -> list[RemoteBill]:
        """Return all payments made since then that succeeded, of whichever program."""
        query = {"created_at.gte": write_date(since), "status": "succeeded"}
        items = self._list("/payments", query, timeout, max_pages=MAX_PAGES_OF_PAID)
        return [_read(read_payment, item, is_write=False) for item in items]

    def read_webhook(self, headers: Mapping[str, str], raw_body: bytes, *, sender: str = "") -> WebhookHint:
        """Say what the notification claims. Nothing is signed: only the sender's address speaks for it."""
        if not _is_within(sender, self._networks):
            reason = "not sent from an address of YooKassa"
            raise SignatureInvalid(reason)
        message = parse_json(raw_body)
        event, about = get_token(message, "event"), get_object(message, "object")
        status = get_token(about, "status")
        is_payment = event.startswith("payment.")
        seen = hashlib.sha256(f"{event}|{get_token(about, 'id')}|{status}".encode()).hexdigest()
        claimed = STATUSES.get(status, RemoteStatus.UNKNOWN) if is_payment else RemoteStatus.UNKNOWN
        return WebhookHint(
            external_id=get_token(about, "payment_id" if event.startswith("refund.") else "id"),
            bill_id=read_bill_id(about) if is_payment else None,
            claimed_status=claimed,
            dedupe_key=f"webhook:{seen}",
            payload={"event": event, **redact(about)},
            authenticated=False,
            occurred_at=parse_date(about.get("captured_at")),
        )

    def build_pay_link(self, *, pay_url: str, return_url: str) -> str:
        """Return the address as it is: where to return to was said when the payment was made."""
        return pay_url

    def _find(self, ref: BillRef, timeout: float | None) -> RemoteBill:
        """Look for our number among the payments made since. Raises NotFound where it is in none of them."""
        if ref.asked_at:
            since = write_date(ref.asked_at - CLOCKS_DIFFER)
            for item in self._list("/payments", {"created_at.gte": since}, timeout, max_pages=MAX_PAGES):
                if read_bill_id(item) == ref.bill_id:
                    return _read(read_payment, item, is_write=False)
        message = "no payment has the bill's number"
        raise NotFound(message)

    def _find_refund(self, request: RefundRequest, timeout: float | None) -> RemoteRefund | None:
        query = {"payment_id": request.bill.external_id}
        for item in self._list("/refunds", query, timeout, max_pages=MAX_PAGES):
            if str(item.get("description", "")).endswith(f"[{request.refund_id}]"):
                return _read(read_refund, item, is_write=False)
        return None

    def _find_settlement(self, request: SettlementRequest, timeout: float | None) -> RemoteReceipt | None:
        """Return the receipt of this payment that settles its prepayment: it has no more than one."""
        query = {"payment_id": request.bill.external_id}
        for item in self._list("/receipts", query, timeout, max_pages=MAX_PAGES):
            if item.get("type") == "payment" and settles_prepayment(item):
                return _read(read_receipt, item, is_write=False)
        return None

    def _list(
        self, path: str, query: dict[str, str], timeout: float | None, *, max_pages: int
    ) -> list[Mapping[str, Any]]:
        """Return all items of a list. Raises ProviderUnavailable where it has no end."""
        found: list[Mapping[str, Any]] = []
        asked = {**query, "limit": str(PAGE)}
        for _number in range(max_pages):
            page = self._client.get(path, asked, timeout=timeout)
            items = page.get("items")
            found += [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
            cursor = page.get("next_cursor")
            if not isinstance(cursor, str):
                return found
            asked["cursor"] = cursor
        message = f"more than {len(found)} items: which of them is ours can't be told"
        raise ProviderUnavailable(message)


def build_provider() -> YooKassaProvider:
    """Return the provider as the settings describe it."""
    return YooKassaProvider(
        client=YooKassaClient(
            base_url=settings.YOOKASSA_API_URL,
            shop_id=settings.YOOKASSA_SHOP_ID,
            secret=settings.YOOKASSA_SECRET_KEY,
        ),
        account=settings.YOOKASSA_SHOP_ID,
        networks=settings.YOOKASSA_NOTIFY_NETWORKS or NETWORKS,
    )


def _read(translate: Callable[[Mapping[str, Any]], T], data: Mapping[str, Any], *, is_write: bool) -> T:
    """Translate the answer; nonsense with status 200 leaves a write in doubt and fails a read."""
    try:
        return translate(data)
    except MalformedMessage as error:
        raise doubt(is_write=is_write)(str(error)) from error


def _is_within(sender: str, networks: Sequence[str]) -> bool:
    try:
        address = ip_address(sender)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ip_network(network) for network in networks)
