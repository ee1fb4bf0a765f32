"""Periodic work on the newsletter: starting what is due, and finding again what got lost."""

import logging

from celery import shared_task
from django.utils import timezone

from core.tasks import enqueue
from home.newsletter import services, tasks
from home.newsletter.mailings import rescue_mailing
from home.newsletter.models import Delivery, Mailing, Subscriber

logger = logging.getLogger(__name__)

# More than this is left for the next run.
BATCH = 200


@shared_task(ignore_result=True)
def start_due_mailings() -> int:
    """Begin the mailings whose time has come; how many were taken up."""
    mailing_ids = list(Mailing.objects.due(timezone.now()).values_list("pk", flat=True)[:BATCH])
    for mailing_id in mailing_ids:
        enqueue(tasks.start_mailing, mailing_id=mailing_id)
    return len(mailing_ids)


@shared_task(ignore_result=True)
def rescue_mailings() -> int:
    """Go on with the mailings whose worker died or met no mail server; how many were taken up."""
    rescued = 0
    for mailing_id in list(Mailing.objects.left_alone(timezone.now()).values_list("pk", flat=True)[:BATCH]):
        run = rescue_mailing(mailing_id=mailing_id)
        if run is not None:
            enqueue(tasks.send_batch, mailing_id=mailing_id, run=run)
            rescued += 1
    return rescued


@shared_task(ignore_result=True)
def report_stuck_letters() -> int:
    """Raise an alarm over letters that may or may not have been sent: a person decides what to do."""
    stuck = Delivery.objects.stuck(timezone.now())
    counts = list(stuck.order_by("mailing").values_list("mailing", flat=True)[:BATCH])
    for mailing_id in sorted(set(counts)):
        logger.error(
            "Mailing %s: %s letters may or may not have been sent", mailing_id, counts.count(mailing_id)
        )
    return len(counts)


@shared_task(ignore_result=True)
def send_due_answers() -> int:
    """Send the letters of the form whose task got lost; how many were taken up."""
    overdue = timezone.now() - services.ANSWER_OVERDUE_AFTER
    due = Subscriber.objects.exclude(due_answer="").filter(answered_at__lte=overdue)
    subscriber_ids = list(due.values_list("pk", flat=True)[:BATCH])
    for subscriber_id in subscriber_ids:
        enqueue(tasks.send_answer, subscriber_id=subscriber_id)
    return len(subscriber_ids)


@shared_task(ignore_result=True)
def forget_unconfirmed() -> int:
    """Delete the addresses that nobody confirmed in time; how many."""
    return services.forget_unconfirmed()
