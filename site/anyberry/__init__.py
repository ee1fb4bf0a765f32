"""The project: puts the apps together and holds no rule."""

from anyberry.celery import app as celery_app

__all__ = ["celery_app"]
