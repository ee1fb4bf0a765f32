"""Periodic work on orders: whatever got lost between a commit and a worker is found again here."""

import logging

from celery import shared_task
from django.utils import timezone

from core.tasks import enqueue
from shop.orders import finding, reconciling, tasks
from shop.orders.invariants import find_violations
from shop.orders.models import Cheque, Letter, Order
from shop.orders.services import catch_up

logger = logging.getLogger(__name__)

# More than this is left for the next run.
BATCH = 500


@shared_task(ignore_result=True)
def send_pending_cheques() -> int:
    """Send the cheques whose task got lost; returns how many were taken up."""
    order_ids = list(Cheque.objects.overdue(timezone.now()).values_list("order_id", flat=True)[:BATCH])
    for order_id in order_ids:
        enqueue(tasks.send_cheque, order_id=order_id)
    return len(order_ids)


@shared_task(ignore_result=True)
def send_pending_letters() -> int:
    """Send the letters whose task got lost; returns how many were taken up."""
    letter_ids = list(Letter.objects.overdue(timezone.now()).values_list("pk", flat=True)[:BATCH])
    for letter_id in letter_ids:
        enqueue(tasks.send_letter, letter_id=letter_id)
    return len(letter_ids)


@shared_task(ignore_result=True)
def report_stuck_cheques() -> int:
    """Raise an alarm over mails that may or may not have been sent: a person decides; how many there are."""
    return finding.note_stuck_mails(timezone.now())


@shared_task(ignore_result=True)
def note_mismatches() -> int:
    """List what payments raised an alarm over lately, so that a person sees it; how many are new."""
    return finding.note_alarms(timezone.now())


@shared_task(ignore_result=True)
def reconcile_orders() -> int:
    """Bring orders that missed the news of their bill in step; there should be none, so each is an alarm."""
    orders = list(Order.objects.out_of_step().order_by("pk")[:BATCH])
    for order in orders:
        logger.error("Order %s did not follow its bill; catching up", order)
        try:
            catch_up(order=order)
        except Exception:
            logger.exception("Order %s can't follow its bill", order)  # the others can
    return len(orders)


@shared_task(ignore_result=True)
def reconcile_money() -> bool:
    """Go on with tonight's comparison of provider, bills, orders and cheques; says whether it is done."""
    run = reconciling.reconcile()
    return run is not None and run.finished_at is not None


@shared_task(ignore_result=True)
def check_invariants() -> int:
    """Raise an alarm over everything that breaks a rule that must always hold; how much that is."""
    violations = find_violations()
    for violation in violations:
        logger.error("Broken invariant: %s: %s (%s)", violation.subject, violation.detail, violation.check)
    return len(violations)
