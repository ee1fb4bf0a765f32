"""Periodic work of the whole site: what got lost between a commit and a worker is found again here."""

import logging

from celery import shared_task
from django.utils import timezone

from core import delivering, tasks
from core.models import Mail, TextMessage

logger = logging.getLogger(__name__)

# More than this is left for the next run.
BATCH = 500


@shared_task(ignore_result=True)
def send_pending_mails() -> int:
    """Send the mails whose task got lost or whose next try is due; how many were taken up."""
    mail_ids = list(Mail.objects.overdue(timezone.now()).values_list("pk", flat=True)[:BATCH])
    for mail_id in mail_ids:
        tasks.enqueue(tasks.send_mail, mail_id=mail_id)
    return len(mail_ids)


@shared_task(ignore_result=True)
def send_pending_texts() -> int:
    """Send the text messages whose task got lost or whose next try is due; how many were taken up."""
    text_ids = list(TextMessage.objects.overdue(timezone.now()).values_list("pk", flat=True)[:BATCH])
    for text_id in text_ids:
        tasks.enqueue(tasks.send_text, text_id=text_id)
    return len(text_ids)


@shared_task(ignore_result=True)
def settle_doubtful() -> int:
    """See to what a worker died on, and raise an alarm over what nobody took for an hour; how many."""
    now = timezone.now()
    delivering.settle_doubts(now)
    late = Mail.objects.late(now).count() + TextMessage.objects.late(now).count()
    if late:
        logger.error("%s mails or text messages have been waiting for more than an hour", late)
    return late


@shared_task(ignore_result=True)
def forget_old_mail() -> int:
    """Delete the rows of what went out long ago; how many."""
    return delivering.forget_old(timezone.now())
