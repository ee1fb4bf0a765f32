"""What every payment provider can be asked, in words of our own.

A provider only translates: it speaks its protocol, answers in these types and raises these exceptions.
It touches no database and decides nothing about bills.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from core.money import Money
from payments.receipts import ReceiptDraft


class RemoteStatus(StrEnum):
    """Where a bill stands at its provider."""

    WAITING = "waiting"
    PAID = "paid"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


FINAL_STATUSES = frozenset({RemoteStatus.PAID, RemoteStatus.REJECTED, RemoteStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class BillRef:
    """Which bill is meant: our id, and the provider's where that is another one and known.

    `asked_at`: no sooner than then was the provider asked to make it.
    """

    bill_id: UUID
    external_id: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BillRequest:
    """A bill to be made. The same request may be sent again: it makes no second bill."""

    bill_id: UUID
    money: Money
    comment: str
    expires_at: datetime
    return_url: str = ""
    receipt: ReceiptDraft | None = None


@dataclass(frozen=True, slots=True)
class RemoteBill:
    """A bill as the provider knows it. `amount` is exact: it is never rounded to fit ours."""

    external_id: str
    account: str
    status: RemoteStatus
    amount: Decimal
    currency: str
    pay_url: str = ""
    created_at: datetime | None = None
    changed_at: datetime | None = None
    expires_at: datetime | None = None
    # Our own number of it, where the provider keeps it beside its own.
    bill_id: UUID | None = None
    # What was given back of it so far, where the provider says so.
    refunded: Decimal | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether the provider will not change it any more."""
        return self.status in FINAL_STATUSES


class RemoteRefundStatus(StrEnum):
    """Where a refund stands at its provider."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money to be given back. The same request may be sent again: it gives nothing back twice.

    `asked_at`: when it was sent first, None where this is the first time.
    """

    refund_id: UUID
    bill: BillRef
    money: Money
    reason: str
    external_id: str = ""
    asked_at: datetime | None = None
    receipt: ReceiptDraft | None = None


@dataclass(frozen=True, slots=True)
class RemoteRefund:
    """A refund as the provider knows it."""

    external_id: str
    bill_external_id: str
    status: RemoteRefundStatus
    amount: Decimal
    currency: str
    raw: Mapping[str, Any] = field(default_factory=dict)


class RemoteReceiptStatus(StrEnum):
    """Where a receipt stands at the provider's till."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SettlementRequest:
    """A receipt of handing over what was paid for before. The same request may be sent again.

    `asked_at`: when it was sent first, None where this is the first time.
    """

    settlement_id: UUID
    bill: BillRef
    money: Money
    receipt: ReceiptDraft
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoteReceipt:
    """A receipt as the provider's till knows it."""

    external_id: str
    status: RemoteReceiptStatus
    failure: str = ""


@dataclass(frozen=True, slots=True)
class WebhookHint:
    """What a notification claims. Only a hint: the truth is fetched. `external_id` is the bill's."""

    external_id: str
    bill_id: UUID | None
    claimed_status: RemoteStatus
    dedupe_key: str
    payload: Mapping[str, Any]
    authenticated: bool
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do at all."""

    reject_waiting: bool
    refund: bool
    partial_refund: bool
    signed_webhooks: bool
    fiscal_receipts: bool
    currencies: frozenset[str]
    max_amount: Decimal
    max_lifetime: timedelta
    # Whether it can be asked for everything that was paid, by whatever number.
    lists_paid: bool
    # Whether the provider's number of a bill is our own.
    keeps_our_id: bool
    # Whether it still takes real money; a provider that doesn't may only talk to an emulator.
    live: bool
    # The least sum it takes at once.
    min_amount: Decimal = Decimal("1.00")


class ProviderError(Exception):
    """Anything a provider may answer instead of what was asked for."""


class ProviderUnavailable(ProviderError):
    """Nothing was changed there and nothing learned; ask again later."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OutcomeUnknown(ProviderError):
    """The change was sent and may or may not have happened; fetch before anything else."""


class RequestRejected(ProviderError):
    """The provider understood and refused; the same request will be refused again."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Misconfigured(RequestRejected):
    """We are set up wrongly: every request is refused, and nothing is said about this one."""


class AuthFailed(Misconfigured):
    """The provider does not accept our key."""


class NotFound(ProviderError):
    """The provider knows no such bill."""


class AlreadyFinal(ProviderError):
    """The bill could not be changed because it is final; `remote` is how it stands."""

    def __init__(self, remote: RemoteBill) -> None:
        super().__init__(f"The bill is already {remote.status}")
        self.remote = remote


class Unsupported(ProviderError):
    """The provider cannot do that at all."""


class CannotReject(Unsupported):
    """The provider can't close a bill that may be being paid; `remote` is how it stands."""

    def __init__(self, remote: RemoteBill) -> None:
        super().__init__(f"The bill is {remote.status} and can't be closed there")
        self.remote = remote


class SignatureInvalid(ProviderError):
    """A notification that its sender did not sign with our key, or that came from nowhere we know."""


class MalformedMessage(ProviderError):
    """A notification that is not what the protocol describes."""


class Mismatch(ProviderError):
    """The provider's bill is not the bill we mean."""

    def __init__(self, name: str, *, ours: object, theirs: object) -> None:
        super().__init__(f"{name}: ours {ours}, theirs {theirs}")
        self.name = name


class PaymentProvider(Protocol):
    """The one interface the rest of the app knows."""

    code: str
    capabilities: Capabilities
    # Whose money it is (QIWI: siteId); empty: whatever the first answer says, from then on.
    account: str

    def create(self, request: BillRequest, *, timeout: float | None = None) -> RemoteBill:
        """Make the bill, or return the one this request already made. `timeout`: seconds for all of it."""

    def fetch(self, ref: BillRef, *, timeout: float | None = None) -> RemoteBill:
        """Return how the bill stands now. Raises NotFound where the provider knows none."""

    def reject(self, ref: BillRef, *, timeout: float | None = None) -> RemoteBill:
        """Close an unpaid bill.

        Raises AlreadyFinal where it was too late, NotFound where there is none, CannotReject where there is
        no way to.
        """

    def refund(self, request: RefundRequest, *, timeout: float | None = None) -> RemoteRefund:
        """Give money back, or return the refund this request already made. Raises Unsupported."""

    def fetch_refund(self, external_id: str, *, timeout: float | None = None) -> RemoteRefund:
        """Return how a refund stands now. Raises NotFound, Unsupported."""

    def settle(self, request: SettlementRequest, *, timeout: float | None = None) -> RemoteReceipt:
        """Make the receipt of handing over, or return the one this request made. Raises Unsupported."""

    def fetch_receipt(self, external_id: str, *, timeout: float | None = None) -> RemoteReceipt:
        """Return how a receipt stands now. Raises NotFound, Unsupported."""

    def list_paid(self, *, since: datetime, timeout: float | None = None) -> list[RemoteBill]:
        """Return all bills made there since then that are paid, ours or not. Raises Unsupported."""

    def build_pay_link(self, *, pay_url: str, return_url: str) -> str:
        """Return the address the payer is sent to, which brings them back to `return_url` where possible."""

    def read_webhook(self, headers: Mapping[str, str], raw_body: bytes, *, sender: str = "") -> WebhookHint:
        """Check and translate a notification; `sender` is the address it came from.

        Raises SignatureInvalid or MalformedMessage.
        """
