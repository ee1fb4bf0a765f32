"""Periodic work on orders: whatever got lost between a commit and a worker is found again here."""

import logging

from celery import shared_task
from django.utils import timezone

from core.tasks import enqueue
from shop.orders import tasks
from shop.orders.models import Cheque, Order
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
def report_stuck_cheques() -> int:
    """Raise an alarm over cheques that may or may not have been sent: a person decides what to do."""
    stuck = list(Cheque.objects.stuck(timezone.now()).select_related("order")[:BATCH])
    for cheque in stuck:
        logger.error("The cheque of order %s is stuck: it may or may not have been sent", cheque.order)
    return len(stuck)


@shared_task(ignore_result=True)
def reconcile_orders() -> int:
    """Bring orders that missed the news of their bill in step; there should be none, so each is an alarm."""
    orders = list(Order.objects.out_of_step().order_by("pk")[:BATCH])
    for order in orders:
        logger.error("Order %s did not follow its bill; catching up", order)
        catch_up(order=order)
    return len(orders)
