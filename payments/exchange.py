"""Talking with the provider about one bill and acting on what it says.

Each function here calls the provider outside any transaction, then locks the bill, makes at most one move
and tells the rest of the house within that transaction. Each may be run any number of times, at once too.
"""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.commits import after_commit
from payments.breaker import guard
from payments.cache import drop_view
from payments.inbox import close_notifications, record_answer
from payments.models import EXPIRY_GRACE, OPENING_SETTLES_AFTER, Bill, BillEvent
from payments.providers import get_provider
from payments.providers.base import (
    AlreadyFinal,
    BillRequest,
    CannotReject,
    Misconfigured,
    NotFound,
    OutcomeUnknown,
    RemoteBill,
    RequestRejected,
)
from payments.receipts import ReceiptDraft
from payments.refunding import refer, sync_refunds
from payments.signals import bill_changed
from payments.states import move_bill, settle_bill

Status = Bill.Status
Source = BillEvent.Source
Result = BillEvent.Result
MIN_TIMEOUT = 0.5


def open_bill(*, bill_id: UUID, timeout: float | None = None) -> Bill:
    """Make the bill known to its provider, so that it can be paid; `timeout` is in seconds, for all of it.

    Raises ProviderUnavailable or OutcomeUnknown where it is to be tried again, Misconfigured where the
    provider refuses us whatever we ask (which is recorded: a person has to act before its time is over).
    A bill the provider refuses for what is in it is closed; one no longer to be opened is returned as it is.
    """
    bill, may_open = _begin_opening(bill_id)
    if not may_open:
        return bill
    try:
        remote = _create(bill, timeout)
    except RequestRejected as error:
        record_answer(bill=bill, source=Source.API, result=Result.REFUSED, detail=str(error)[:500])
        if isinstance(error, Misconfigured):
            raise
        return _settle_refused(bill)
    bill = _apply(bill_id, remote, source=Source.API, asked_at=_get_start(bill))
    if bill.status in {Status.REJECTED, Status.EXPIRED} and not remote.is_final:
        # Closed here while our request was under way: nobody may pay what we won't deliver.
        return _reject_remotely(bill)
    return bill


def sync_bill(*, bill_id: UUID) -> Bill:
    """Ask the provider how the bill stands and act on it. Raises ProviderUnavailable where it doesn't say."""
    bill = Bill.objects.get(pk=bill_id)
    asked_at = timezone.now()
    if bill.status == Status.PAID:
        sync_refunds(bill=bill)
        close_notifications(bill=bill, asked_at=asked_at, result=Result.UNCHANGED)
        return bill
    if bill.opening_at is None:
        return _settle_missing(bill_id, asked_at=asked_at)
    try:
        with guard(bill.provider):
            remote = get_provider(bill.provider).fetch(refer(bill))
    except NotFound:
        return _settle_missing(bill_id, asked_at=asked_at)
    return _apply(bill_id, remote, source=Source.POLL, asked_at=asked_at)


def reject_bill(*, bill_id: UUID) -> Bill:
    """Close the bill at the provider, or learn that it was paid: only its word closes a bill that was opened.

    One that its provider can't close stays open, but our pages lead there no more. Raises ProviderUnavailable
    or OutcomeUnknown where it is to be tried again.
    """
    bill = _begin_reject(bill_id)
    return bill if bill.is_final else _reject_remotely(bill)


def _create(bill: Bill, timeout: float | None) -> RemoteBill:
    """Create the bill; where the outcome is in doubt, ask in the time left, and adopt what is there."""
    started = time.monotonic()
    provider = get_provider(bill.provider)
    request = BillRequest(
        bill_id=bill.pk,
        money=bill.money,
        comment=bill.comment,
        expires_at=bill.expires_at,
        return_url=bill.return_url,
        receipt=ReceiptDraft.read(bill.receipt),
    )
    try:
        with guard(bill.provider):
            return provider.create(request, timeout=timeout)
    except OutcomeUnknown as error:
        try:
            left = max(timeout - (time.monotonic() - started), MIN_TIMEOUT) if timeout else None
            with guard(bill.provider):
                return provider.fetch(refer(bill), timeout=left)
        except NotFound:
            raise error from None  # the same request may be sent again, with the same id


def _settle_refused(bill: Bill) -> Bill:
    """Close a bill that its provider will never take, unless it is there all the same."""
    asked_at = timezone.now()
    try:
        with guard(bill.provider):
            remote = get_provider(bill.provider).fetch(refer(bill))
    except NotFound:
        return _close_refused(bill.pk)
    return _apply(bill.pk, remote, source=Source.API, asked_at=asked_at)


@transaction.atomic
def _close_refused(bill_id: UUID) -> Bill:
    bill = Bill.objects.locked(bill_id)
    if bill.status == Status.CREATED:
        _close(bill, Status.REJECTED, now=timezone.now())
    return bill


def _reject_remotely(bill: Bill) -> Bill:
    asked_at = timezone.now()
    try:
        with guard(bill.provider):
            remote = get_provider(bill.provider).reject(refer(bill))
    except (AlreadyFinal, CannotReject) as standing:
        remote = standing.remote  # open still: nobody is sent to its page any more, and its end is asked for
    except NotFound:
        return _settle_missing(bill.pk, asked_at=asked_at)
    return _apply(bill.pk, remote, source=Source.API, asked_at=asked_at)


@transaction.atomic
def _begin_opening(bill_id: UUID) -> tuple[Bill, bool]:
    """Note, before the provider is called, that it will be: from here on its silence proves nothing."""
    bill = Bill.objects.locked(bill_id)
    now = timezone.now()
    if bill.status != Status.CREATED or bill.reject_requested_at or bill.expires_at <= now:
        return bill, False
    bill.opening_at = now
    bill.save(update_fields=["opening_at"])
    return bill, True


@transaction.atomic
def _begin_reject(bill_id: UUID) -> Bill:
    """Note the wish, so that the bill is never opened from here on; close it here if it never was."""
    bill = Bill.objects.locked(bill_id)
    now = timezone.now()
    if bill.is_open and bill.reject_requested_at is None:
        bill.reject_requested_at = now
        bill.save(update_fields=["reject_requested_at"])
    if bill.status == Status.CREATED and bill.opening_at is None:
        _close(bill, Status.REJECTED, now=now)
    return bill


@transaction.atomic
def _apply(bill_id: UUID, remote: RemoteBill, *, source: BillEvent.Source, asked_at: datetime) -> Bill:
    """Act on what the provider said: at most one legal move, recorded and told."""
    bill = Bill.objects.locked(bill_id)
    previous = bill.status
    now = timezone.now()
    result, detail = settle_bill(bill, remote, now=now)
    if source == Source.POLL:
        bill.checked_at = now  # what it answers to our requests counts as no check: the first is yet to come
    if result == Result.MISMATCH and remote.is_final and bill.is_open and bill.reject_requested_at:
        # Nobody waits for it any more, and it is over there, for whatever sum: there is nothing to ask.
        move_bill(bill, Status.REJECTED, at=now)
    if result != Result.MISMATCH and remote.pay_url and not bill.pay_url:
        provider = get_provider(bill.provider)
        bill.pay_url = provider.build_pay_link(pay_url=remote.pay_url, return_url=bill.return_url)
    bill.save()
    record_answer(bill=bill, source=source, result=result, remote=remote, detail=detail)
    close_notifications(bill=bill, asked_at=asked_at, result=result)
    _tell(bill, previous)
    return bill


@transaction.atomic
def _settle_missing(bill_id: UUID, *, asked_at: datetime) -> Bill:
    """Act on the provider's knowing no such bill.

    A bill that can no longer arrive there may be closed by us. Raises OutcomeUnknown while our own request to
    open it may still be under way.
    """
    bill = Bill.objects.locked(bill_id)
    now = timezone.now()
    if bill.is_final:
        close_notifications(bill=bill, asked_at=asked_at, result=Result.NOT_FOUND)
        return bill
    if bill.status == Status.WAITING:
        record_answer(bill=bill, source=Source.POLL, result=Result.NOT_FOUND)
    close_notifications(bill=bill, asked_at=asked_at, result=Result.NOT_FOUND)
    target = _choose_closing(bill, now=now)
    if target and bill.opening_at and bill.opening_at > now - OPENING_SETTLES_AFTER:
        message = "our request to open the bill may still be under way"
        raise OutcomeUnknown(message)
    bill.checked_at = now
    bill.save(update_fields=["checked_at"])
    if target:
        _close(bill, target, now=now)
    return bill


def _choose_closing(bill: Bill, *, now: datetime) -> Bill.Status | None:
    """Say how a bill unknown to its provider ends, if it is to end."""
    if bill.reject_requested_at:
        return Status.REJECTED
    grace = EXPIRY_GRACE if bill.status == Status.WAITING else timedelta()
    return Status.EXPIRED if bill.expires_at + grace <= now else None


def _close(bill: Bill, status: Bill.Status, *, now: datetime) -> None:
    """Close a locked bill that the provider doesn't have."""
    previous = bill.status
    if move_bill(bill, status, at=now):
        bill.save()
        _tell(bill, previous)


def _tell(bill: Bill, previous: str) -> None:
    """Tell the house, in this transaction, that the bill changed; forget what was shown of it."""
    if bill.status != previous:
        bill_changed.send(sender=Bill, bill=bill, previous=previous)
    after_commit(drop_view, bill.pk)


def _get_start(bill: Bill) -> datetime:
    return bill.opening_at or bill.created_at
