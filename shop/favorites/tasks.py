"""Letters about berries that are back, outside the request that brought them back."""

from celery import shared_task
from django.db import OperationalError

from shop.favorites import telling


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=2, retry_jitter=True, max_retries=3, ignore_result=True
)
def tell_stock(berry_id: int) -> int:
    """Tell the next people in the line for a berry that it is in stock; how many."""
    return telling.tell_stock(berry_id=berry_id)
