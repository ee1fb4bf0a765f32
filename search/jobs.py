"""The search's periodic work."""

from celery import shared_task

from search import counting


@shared_task
def write_search_counts() -> None:
    """Write down what was searched and opened since the last time."""
    counting.write_counts()


@shared_task
def forget_old_searches() -> None:
    """Let go of what nobody needs to know any more."""
    counting.forget_old_searches()
