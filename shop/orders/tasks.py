"""Work on orders that is slow or retried."""

from typing import Any

from celery import shared_task
from django.db import OperationalError

from shop.orders import cheques, reporting

# A task that gives up loses nothing: the periodic jobs find the row again.
MAIL_TASK: dict[str, Any] = {
    "autoretry_for": (cheques.MailServerAway, OperationalError),
    "retry_backoff": 5,
    "retry_backoff_max": 300,
    "retry_jitter": True,
    "max_retries": 5,
}


@shared_task(**MAIL_TASK)
def send_cheque(order_id: int) -> bool:
    """Send the cheque of a paid order, once; says whether this call was the one that did."""
    return cheques.send_cheque(order_id=order_id)


@shared_task(**MAIL_TASK)
def send_letter(letter_id: int) -> bool:
    """Send a letter about money that goes back, once; says whether this call was the one that did."""
    return cheques.send_letter(letter_id=letter_id)


@shared_task(**MAIL_TASK)
def send_money_report(run_id: int) -> bool:
    """Tell staff what a night's comparison found, once; says whether this call was the one that did."""
    return reporting.send_money_report(run_id=run_id)
