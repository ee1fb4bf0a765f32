"""What is asked of a provider until it is done: a refund, a receipt of handing over."""

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

AnyAsked = TypeVar("AnyAsked", bound=models.Model)


class AskedQuerySet(models.QuerySet[AnyAsked]):
    """Rows with `status`, `created_at`, `sent_at` and `checked_at`; each is one request to a provider."""

    def needing_work(self, now: datetime) -> Self:
        """Those the provider should have and may not, and those it has not finished."""
        untried = Q(sent_at=None, created_at__lte=now - timedelta(seconds=30))
        tried = Q(checked_at=None, sent_at__lte=now - timedelta(minutes=1))
        unfinished = Q(checked_at__lte=now - timedelta(minutes=5))
        return self.filter(untried | tried | unfinished, status__in=("requested", "pending"))
