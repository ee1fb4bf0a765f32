"""Background work that belongs to the whole site, and the one way to enqueue any."""

import logging
from typing import Any
from uuid import uuid4

from celery import Task, shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from core import delivering
from core.commits import after_commit
from core.handing import MailServerAway
from core.redis_health import has_just_answered, is_away
from core.sms.base import TextAway

logger = logging.getLogger(__name__)

# A few quick tries; after them a job tries again, less and less often: see core.posted.
POST_TASK: dict[str, Any] = {
    "retry_backoff": 5,
    "retry_backoff_max": 60,
    "retry_jitter": True,
    "max_retries": 2,
    "ignore_result": True,
}


def enqueue(task: Task, *, task_id: str | None = None, once: bool = False, **kwargs: Any) -> None:
    """Hand the task to the worker; a broker that is away is logged: the periodic jobs sweep what is due.

    `once`: it is tried once, for whoever calls finds the same work again soon.
    """
    if not is_broker_there():
        logger.error("Redis is away; a periodic job will do the work of %s", task.name)
        return
    try:
        task.apply_async(kwargs=kwargs, retry=False, task_id=task_id, retries=task.max_retries if once else 0)
    except (KombuError, RedisError, OSError):
        logger.exception("The broker is away; a periodic job will do this work")


def enqueue_after_commit(task: Task, **kwargs: Any) -> str:
    """Enqueue once the surrounding transaction is committed (at once where there is none); the task's id."""
    task_id = str(uuid4())
    after_commit(enqueue, task, task_id=task_id, **kwargs)
    return task_id


def is_broker_there() -> bool:
    """Ask Redis, which is the broker, by way of the cache: that takes a second at most where it is away.

    Kombu would take four, and each enqueuing again; looking a result up would take five.
    """
    if not has_just_answered():
        cache.get("core:ping")
    return not is_away()


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish the pages whose time has come."""
    call_command("publish_scheduled")


@shared_task(autoretry_for=(MailServerAway, OperationalError), **POST_TASK)
def send_mail(mail_id: int) -> bool:
    """Send a mail of the outbox, once; says whether this call was the one that did."""
    return delivering.send_mail(mail_id=mail_id)


@shared_task(autoretry_for=(OperationalError,), **POST_TASK)
def send_text(text_id: int) -> bool:
    """Send a text message, once; says whether this call did. A job tries again where nobody took it."""
    try:
        return delivering.send_text(text_id=text_id)
    except TextAway as absence:
        logger.warning("Text message %s waits: %s", text_id, absence)
        return False
