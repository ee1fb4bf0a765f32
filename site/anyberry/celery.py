"""Celery, as `celery --app=anyberry` finds it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyberry.settings.development")

app = Celery("anyberry", loader="anyberry.loader:CarefulLoader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["core", "payments", "shop", "home"])
app.autodiscover_tasks(["core", "home", "payments", "search", "shop"], related_name="jobs")
