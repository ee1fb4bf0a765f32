"""Work on orders that is slow or retried."""

from celery import shared_task
from django.db import OperationalError

from shop.orders import cheques


@shared_task(
    autoretry_for=(cheques.MailServerAway, OperationalError),
    retry_backoff=5,
    retry_backoff_max=300,
    retry_jitter=True,
    max_retries=5,
)
def send_cheque(order_id: int) -> bool:
    """Send the cheque of a paid order, once; says whether this call was the one that did."""
    return cheques.send_cheque(order_id=order_id)
