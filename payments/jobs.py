"""What beat runs every minute: whatever got lost between us and a provider is found again here.

What a job sends off is tried once: the next minute finds again what is still to be done. Tasks that tried
again by themselves would pile up, one more a minute for each bill, while a provider is away.
"""

from celery import Task, shared_task
from django.db.models import QuerySet
from django.utils import timezone

from core.tasks import enqueue
from payments import tasks
from payments.models import Bill, Refund, Settlement

# More than this is left for the next minute: a long outage must not flood the broker.
BATCH = 500


@shared_task(ignore_result=True)
def open_waiting_bills() -> int:
    """Open the bills the provider should know and doesn't; returns how many were tried."""
    return _enqueue_each(tasks.open_bill, Bill.objects.needing_opening(timezone.now()).order_by("created_at"))


@shared_task(ignore_result=True)
def check_open_bills() -> int:
    """Ask about open bills without news, bills past their time and bills with unread news."""
    return _enqueue_each(tasks.sync_bill, Bill.objects.needing_check(timezone.now()).order_by("checked_at"))


@shared_task(ignore_result=True)
def reject_unwanted_bills() -> int:
    """Close the bills somebody rejected, and those whose expiry the provider forgot."""
    return _enqueue_each(
        tasks.reject_bill, Bill.objects.needing_reject(timezone.now()).order_by("created_at")
    )


@shared_task(ignore_result=True)
def send_waiting_refunds() -> int:
    """Give back what was to be given back and wasn't yet, and ask about refunds under way."""
    refunds = Refund.objects.needing_work(timezone.now()).order_by("created_at")
    ids = list(refunds.values_list("pk", flat=True)[:BATCH])
    for refund_id in ids:
        enqueue(tasks.send_refund, once=True, refund_id=str(refund_id))
    return len(ids)


@shared_task(ignore_result=True)
def send_waiting_settlements() -> int:
    """Have the receipts of handing over made that should be and aren't, and ask about those under way."""
    waiting = Settlement.objects.needing_work(timezone.now()).order_by("created_at")
    ids = list(waiting.values_list("pk", flat=True)[:BATCH])
    for settlement_id in ids:
        enqueue(tasks.send_settlement, once=True, settlement_id=str(settlement_id))
    return len(ids)


def _enqueue_each(task: Task, bills: QuerySet[Bill]) -> int:
    ids = list(bills.values_list("pk", flat=True)[:BATCH])
    for bill_id in ids:
        enqueue(task, once=True, bill_id=str(bill_id))
    return len(ids)
