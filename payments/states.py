"""The state machine of a bill: which news may change it, and how. No database, no network."""

from datetime import datetime

from payments.models import Bill, BillEvent
from payments.providers.base import Mismatch, RemoteBill, RemoteStatus

Status = Bill.Status
Result = BillEvent.Result

# Everything else is ignored and recorded. Only money overrules a final state; nothing overrules money.
MOVES: dict[str, frozenset[str]] = {
    Status.CREATED: frozenset({Status.WAITING, Status.PAID, Status.REJECTED, Status.EXPIRED}),
    Status.WAITING: frozenset({Status.PAID, Status.REJECTED, Status.EXPIRED}),
    Status.REJECTED: frozenset({Status.PAID}),
    Status.EXPIRED: frozenset({Status.PAID}),
    Status.PAID: frozenset(),
}


def check_match(bill: Bill, remote: RemoteBill) -> None:
    """Raise Mismatch unless the provider's bill is ours: number, account, currency and exact amount."""
    pairs: tuple[tuple[str, object, object], ...] = (
        ("bill", bill.pk, remote.bill_id or bill.pk),
        ("external_id", bill.external_id, remote.external_id),
        ("account", bill.account, remote.account),
        ("currency", bill.currency, remote.currency),
        ("amount", bill.amount, remote.amount),
    )
    for name, ours, theirs in pairs:
        is_not_frozen_yet = name in {"external_id", "account"} and not ours
        if ours != theirs and not is_not_frozen_yet:
            raise Mismatch(name, ours=ours, theirs=theirs)


def describe_mismatch(error: Mismatch, remote: RemoteBill) -> str:
    """What differs, in the words of our records, and whether money came: somebody has to give it back."""
    return f"{error}, paid there" if remote.status == RemoteStatus.PAID else str(error)


def settle_bill(bill: Bill, remote: RemoteBill, *, now: datetime) -> tuple[BillEvent.Result, str]:
    """Bring the bill, in memory, to what its provider says; say what became of the news, and why.

    A bill that doesn't match is left alone altogether.
    """
    try:
        check_match(bill, remote)
    except Mismatch as error:
        return Result.MISMATCH, describe_mismatch(error, remote)
    bill.account = bill.account or remote.account
    bill.external_id = bill.external_id or remote.external_id
    bill.opened_at = bill.opened_at or now
    if remote.status == RemoteStatus.UNKNOWN:
        return Result.UNKNOWN_STATUS, ""
    if remote.status == bill.status:
        return Result.UNCHANGED, ""
    if not move_bill(bill, Status(remote.status), at=remote.changed_at or now):
        return Result.IGNORED, f"{bill.status} → {remote.status}"
    return Result.APPLIED, ""


def move_bill(bill: Bill, status: Bill.Status, *, at: datetime) -> bool:
    """Make one move, in memory, if it is legal; say whether it was made."""
    if status not in MOVES[bill.status]:
        return False
    if status == Status.PAID:
        bill.overruled = bill.is_final
        bill.paid_at = at
    bill.status = status
    bill.status_changed_at = at
    return True
