"""The newsletter's background work. Each task may run twice."""

import logging
from typing import Any

from celery import shared_task
from django.db import OperationalError

from core.handing import MailServerAway
from core.tasks import enqueue
from home.newsletter import answering, sending, starting
from home.newsletter.models import NewsletterPage
from home.newsletter.testing import send_test

logger = logging.getLogger(__name__)
TRIES: dict[str, Any] = {
    "autoretry_for": (MailServerAway, OperationalError),
    "retry_backoff": 5,
    "max_retries": 5,
    "ignore_result": True,
}


@shared_task(ignore_result=True)
def start_mailing(mailing_id: int) -> bool:
    """Begin a mailing whose time has come, and send its first letters; whether this call began it."""
    run = starting.start_mailing(mailing_id=mailing_id)
    if run is not None:
        enqueue(send_batch, mailing_id=mailing_id, run=run)
    return run is not None


@shared_task(ignore_result=True)
def send_batch(mailing_id: int, run: int) -> None:
    """Send some letters of the mailing, and enqueue the next batch where more are waiting."""
    try:
        has_more = sending.send_batch(mailing_id=mailing_id, run=run)
    except MailServerAway as absence:
        logger.warning("Mailing %s waits for the mail server: %s", mailing_id, absence)
        return
    if has_more:
        enqueue(send_batch, mailing_id=mailing_id, run=run)


@shared_task(**TRIES)
def send_answer(subscriber_id: int) -> bool:
    """Send the letter that is due because the address was entered in the form; whether this call did."""
    return answering.send_answer(subscriber_id=subscriber_id)


@shared_task(**TRIES)
def send_test_letter(page_id: int, to: str) -> None:
    """Send the newest draft of an issue to one address; nothing to do for a page deleted meanwhile."""
    page = NewsletterPage.objects.filter(pk=page_id).first()
    if page is not None:
        send_test(page=page, to=to)
