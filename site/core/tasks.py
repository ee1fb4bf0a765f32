"""Background work that belongs to the whole site, and the one way to enqueue any."""

import logging
from functools import partial
from typing import Any
from uuid import uuid4

from celery import Task, shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from core.redis_health import is_away

logger = logging.getLogger(__name__)


def enqueue(task: Task, *, task_id: str | None = None, **kwargs: Any) -> None:
    """Hand the task to the worker; a broker that is away is logged: the periodic jobs sweep what is due."""
    if not _can_be_reached():
        logger.error("Redis is away; a periodic job will do the work of %s", task.name)
        return
    try:
        task.apply_async(kwargs=kwargs, retry=False, task_id=task_id)
    except (KombuError, RedisError, OSError):
        logger.exception("The broker is away; a periodic job will do this work")


def enqueue_after_commit(task: Task, **kwargs: Any) -> str:
    """Enqueue once the surrounding transaction is committed (at once where there is none); the task's id."""
    task_id = str(uuid4())
    transaction.on_commit(partial(enqueue, task, task_id=task_id, **kwargs), robust=True)
    return task_id


def _can_be_reached() -> bool:
    """Ask Redis, which is the broker, by way of the cache: that takes a second at most where it is away.

    Kombu would take four, and each enqueuing again.
    """
    cache.get("core:ping")
    return not is_away()


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish the pages whose time has come."""
    call_command("publish_scheduled")
