"""All periodic work of the editors' part, for Celery to find."""

from home.newsletter import jobs as newsletter_jobs

__all__ = ["newsletter_jobs"]
