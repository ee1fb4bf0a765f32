"""The nightly comparison of provider, bills, orders and cheques.

One row a night says how far it is. A run does what it can in a minute and goes on at the next call: a dead
worker, a resting provider or a long list only make it slower. Nothing is changed but what is out of step.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from payments.breaker import ProviderResting
from payments.models import Bill, Refund
from payments.providers.base import ProviderError
from payments.services import list_listing_providers, note_strangers
from shop.orders.finding import (
    examine_bill,
    note_alarms,
    note_forgotten_money,
    note_missing_cheques,
    note_stuck_mails,
    note_stuck_refunds,
)
from shop.orders.invariants import find_violations
from shop.orders.models import Mismatch, Reconciliation
from shop.orders.reporting import post_money_report

logger = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=3)
# One call works this long; the claim outlives a call that takes its time over the last bill.
SECONDS = 50
CLAIM = timedelta(minutes=3)
BATCH = 100
# What the provider has not answered by then is counted and left for the next night.
ENDS_AFTER = timedelta(hours=2)


def reconcile(*, now: datetime | None = None, seconds: float = SECONDS) -> Reconciliation | None:
    """Go on with tonight's comparison; the run, or nothing where it is done or somebody else is at it."""
    now = now or timezone.now()
    run = _claim(now)
    if run is None:
        return None
    try:
        is_over = _ask_providers(run, until=time.monotonic() + seconds)
        if is_over or now >= run.started_at + ENDS_AFTER:
            _finish(run, now)
    finally:
        Reconciliation.objects.filter(pk=run.pk).update(claimed_until=None)
    return run


def list_bills(run: Reconciliation) -> QuerySet[Bill]:
    """The bills a run compares, in the order it goes through them."""
    since = run.started_at - LOOKED_BACK
    refunds = Refund.objects.filter(bill=OuterRef("pk"))
    refunded_lately = refunds.filter(Q(created_at__gte=since) | Q(finished_at__gte=since))
    noted = Mismatch.objects.open().filter(bill=OuterRef("pk"))
    recent = Q(created_at__gte=since) | Q(status_changed_at__gte=since) | Q(status__in=Bill.OPEN_STATUSES)
    bills = Bill.objects.filter(recent | Exists(refunded_lately) | Exists(noted), opening_at__isnull=False)
    return (bills.filter(pk__gt=run.cursor) if run.cursor else bills).order_by("pk")


def _claim(now: datetime) -> Reconciliation | None:
    day = timezone.localdate(now)
    run, _is_new = Reconciliation.objects.get_or_create(day=day, defaults={"started_at": now})
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = Reconciliation.objects.filter(free, pk=run.pk, finished_at=None)
    if not waiting.update(claimed_until=now + CLAIM):
        return None
    run.refresh_from_db()
    return run


def _ask_providers(run: Reconciliation, *, until: float) -> bool:
    """Go through the bills that are left; say whether all were."""
    while bills := list(list_bills(run)[:BATCH]):
        for bill in bills:
            if time.monotonic() >= until or not _ask(run, bill):
                return False
            run.cursor = bill.pk
            run.save(update_fields=["cursor", "asked", "unasked", "repaired"])
    return True


def _ask(run: Reconciliation, bill: Bill) -> bool:
    """Compare one bill; say whether to go on with the next."""
    try:
        run.repaired += examine_bill(bill_id=bill.pk)
        run.asked += 1
    except ProviderResting:
        return False
    except ProviderError as error:
        logger.warning("Nobody could say how bill %s stands: %s", bill.pk, error)
        run.unasked += 1
    return True


def _finish(run: Reconciliation, now: datetime) -> None:
    """Compare what needs no provider, sum up, and have staff told if anything differs."""
    run.unasked += list_bills(run).count()
    _look_for_strangers(run)
    note_all(now)
    open_rows, violations = Mismatch.objects.open().count(), find_violations()
    differs = bool(open_rows or violations or run.unasked or run.repaired)
    logger.log(
        logging.ERROR if differs else logging.INFO,
        "Reconciliation of %s: %d bills asked about, %d brought in step, %d not answered, "
        "%d open mismatches, %d broken invariants",
        *(run.day, run.asked, run.repaired, run.unasked, open_rows, len(violations)),
    )
    with transaction.atomic():  # a night that is over has its report under way, whoever dies now
        run.finished_at = run.reported_at = timezone.now()
        run.save(update_fields=["finished_at", "reported_at", "unasked"])
        if differs:
            post_money_report(run, violations)


def _look_for_strangers(run: Reconciliation) -> None:
    """Find money at a provider that no bill of ours stands for: nobody would ever ask about it by number."""
    for provider in list_listing_providers():
        try:
            for event in note_strangers(provider=provider, since=run.started_at - LOOKED_BACK):
                if event.bill_id:
                    examine_bill(bill_id=event.bill_id)
        except ProviderError as error:
            logger.warning("%s does not say what was paid: %s", provider, error)
            run.unasked += 1


def note_all(now: datetime) -> None:
    """Look for everything that can be found without asking a provider."""
    note_alarms(now)
    note_stuck_mails(now)
    note_missing_cheques()
    note_stuck_refunds(now)
    note_forgotten_money()
