"""All periodic work of the editors' part, for Celery to find."""

from home.newsletter import jobs as newsletter_jobs
from home.readers import jobs as reader_jobs

__all__ = ["newsletter_jobs", "reader_jobs"]
