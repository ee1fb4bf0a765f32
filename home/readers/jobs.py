"""The periodic work of counting."""

from celery import shared_task

from home.readers import counting


@shared_task
def write_views() -> None:
    """Write down how often pages were looked at since the last time."""
    counting.write_views()


@shared_task
def forget_old_counts() -> None:
    """Let go of what nobody needs to know any more."""
    counting.forget_old_counts()
