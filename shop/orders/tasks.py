"""Work on orders that is slow or retried."""

from typing import Any

from celery import shared_task
from django.db import OperationalError

from core.handing import MailServerAway
from shop.orders import cheques

# A task that gives up loses nothing: the periodic jobs find the row again, less and less often.
MAIL_TASK: dict[str, Any] = {
    "autoretry_for": (MailServerAway, OperationalError),
    "retry_backoff": 5,
    "retry_backoff_max": 60,
    "retry_jitter": True,
    "max_retries": 2,
}


@shared_task(**MAIL_TASK)
def send_cheque(order_id: int) -> bool:
    """Send the cheque of a paid order, once; says whether this call was the one that did."""
    return cheques.send_cheque(order_id=order_id)


@shared_task(**MAIL_TASK)
def send_letter(letter_id: int) -> bool:
    """Send a letter about an order, once; says whether this call was the one that did."""
    return cheques.send_letter(letter_id=letter_id)
