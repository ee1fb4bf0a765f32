"""All tasks of the editors' part, for Celery to find."""

from home.newsletter import tasks as newsletter_tasks

__all__ = ["newsletter_tasks"]
