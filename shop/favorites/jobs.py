"""Periodic work for people who wait for a berry."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from shop.favorites import telling, waiting
from shop.favorites.models import Waiting

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def tell_stock() -> int:
    """Tell who waits for stock that there is some, whether it was received or came back; how many."""
    return _tell(Waiting.Moment.STOCK, telling.tell_stock)


@shared_task(ignore_result=True)
def tell_season() -> int:
    """Tell who waits for a season that it began; how many."""
    return _tell(Waiting.Moment.SEASON, telling.tell_season)


@shared_task(ignore_result=True)
def forget_waiting() -> int:
    """Delete requests that were never confirmed or are over for long; how many."""
    return waiting.forget_old(timezone.now())


def _tell(moment: str, tell: Callable[..., int]) -> int:
    """Tell of each berry in a transaction of its own: one that fails keeps nobody else waiting."""
    told = 0
    for berry_id in telling.list_due_berries(moment):
        try:
            told += tell(berry_id=berry_id)
        except DatabaseError:
            logger.exception("Nobody could be told of berry %s; the next run tries again", berry_id)
    return told
