"""A bill as a shopper sees it: at most a minute old, there even when the provider is away.

It changes nothing: a new status found here is left to `sync_bill`. Who may look is the caller's to decide.
"""

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.cache import cache

from core.redis_health import is_away
from core.tasks import enqueue
from payments import tasks
from payments.breaker import guard
from payments.cache import FLIGHT_SECONDS, get_flight_key, get_generation, get_view, keep_view
from payments.models import Bill
from payments.providers import get_provider
from payments.providers.base import ProviderError, RemoteBill
from payments.refunding import refer
from payments.states import MOVES, check_match

TIMEOUT = 3.0
WAIT_FOR_OTHERS = 0.6
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class BillView:
    """What a shopper may know of a bill. `stale`: the provider could not be asked."""

    amount: Decimal
    currency: str
    pay_url: str
    status: str
    create_time: datetime
    expire_time: datetime
    stale: bool = False


def describe_bill(*, bill_id: UUID) -> BillView:
    """Return how the bill stands, at most a minute old. Raises Bill.DoesNotExist."""
    kept = get_view(bill_id)
    if kept:
        return BillView(**kept)
    bill = Bill.objects.get(pk=bill_id)
    if bill.status != Bill.Status.WAITING:
        return _view(bill)  # not known to the provider yet, or final: nobody knows better than we
    # Without Redis nobody hears of anybody else's asking.
    if cache.add(get_flight_key(bill_id), 1, FLIGHT_SECONDS) or is_away():
        try:
            return _ask(bill)
        finally:
            cache.delete(get_flight_key(bill_id))
    return _wait_for_other(bill)


def _ask(bill: Bill) -> BillView:
    generation = get_generation(bill.pk)
    provider = get_provider(bill.provider)
    try:
        with guard(bill.provider):
            remote = provider.fetch(refer(bill), timeout=TIMEOUT)
        check_match(bill, remote)
    except ProviderError:
        return _view(bill, stale=True)
    view = _view(bill, remote)
    if view.status != bill.status:
        enqueue(tasks.sync_bill, bill_id=str(bill.pk))
    keep_view(bill.pk, asdict(view), generation=generation)
    return view


def _wait_for_other(bill: Bill) -> BillView:
    """Take the answer of whoever is asking already; don't wait long."""
    until = time.monotonic() + WAIT_FOR_OTHERS
    while time.monotonic() < until:
        time.sleep(PAUSE)
        kept = get_view(bill.pk)
        if kept:
            return BillView(**kept)
    return _view(bill, stale=True)


def _view(bill: Bill, remote: RemoteBill | None = None, *, stale: bool = False) -> BillView:
    is_news = remote is not None and str(remote.status) in MOVES[bill.status]
    status = str(remote.status) if remote and is_news else str(bill.status)
    can_be_paid = status == Bill.Status.WAITING and bill.can_be_paid
    return BillView(
        amount=bill.amount,
        currency=bill.currency,
        pay_url=bill.pay_url if can_be_paid else "",
        status=status,
        create_time=bill.created_at,
        expire_time=bill.expires_at,
        stale=stale,
    )
