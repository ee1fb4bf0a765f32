"""What is sent out once: a row that is claimed, handed over, and marked. Mails, text messages, letters.

Between the claim and the mark nobody can know whether the other side took it. The row stays claimed then, and
`stuck()` finds it.
"""

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

OVERDUE_AFTER = timedelta(minutes=1)
STUCK_AFTER = timedelta(minutes=10)
# The other side may be away for a while; after this long a person should know.
LATE_AFTER = timedelta(hours=1)
# The task tries so often by itself; after that a job does, less and less often.
QUICK_TRIES = 3
LONGEST_PAUSE = timedelta(minutes=30)
FAILURE_LENGTH = 300

AnyPost = TypeVar("AnyPost", bound="Posted")


class PostedQuerySet(models.QuerySet[AnyPost]):
    """Which rows need what."""

    def overdue(self, now: datetime) -> Self:
        """Rows that nobody took up, and whose next try is not put off."""
        return self.filter(status="pending", created_at__lte=now - OVERDUE_AFTER, due_at__lte=now)

    def stuck(self, now: datetime) -> Self:
        """Rows of which nobody knows whether they were sent: a worker died on them."""
        return self.filter(status="sending", claimed_at__lte=now - STUCK_AFTER)

    def late(self, now: datetime) -> Self:
        """Rows that nobody took for an hour."""
        return self.filter(status="pending", created_at__lte=now - LATE_AFTER)


class Posted(models.Model):
    """What all of them have: who holds them, whether they went out, and why not."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("can't be sent")

    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries that failed"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=FAILURE_LENGTH, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="%(class)s_sent_has_a_time",
            ),
        ]


def claim(row: Posted) -> bool:
    """Take the row up, visibly for everybody; say whether it was there to be taken."""
    waiting = type(row)._default_manager.filter(pk=row.pk, status=Posted.Status.PENDING)
    return bool(waiting.update(status=Posted.Status.SENDING, claimed_at=timezone.now()))


def give_back(row: Posted, reason: str, *, wait: timedelta | None = None) -> None:
    """Let the row be claimed again, after a pause that grows from try to try (or after `wait`)."""
    attempts = row.attempts + 1
    claimed = type(row)._default_manager.filter(pk=row.pk, status=Posted.Status.SENDING)
    claimed.update(
        status=Posted.Status.PENDING,
        claimed_at=None,
        attempts=attempts,
        due_at=timezone.now() + (wait or compute_pause(attempts)),
        failure=reason[:FAILURE_LENGTH],
    )


def mark_sent(row: Posted, **changes: object) -> None:
    """Note that the row went out."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    rows.update(status=Posted.Status.SENT, sent_at=timezone.now(), failure="", **changes)


def mark_failed(row: Posted, reason: str, **changes: object) -> None:
    """Note that the row can't be sent, and why; nobody tries again by themselves."""
    rows = type(row)._default_manager.filter(pk=row.pk).exclude(status=Posted.Status.SENT)
    rows.update(status=Posted.Status.FAILED, failure=reason[:FAILURE_LENGTH], **changes)


def compute_pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: a minute, then twice as long each time, half an hour at most."""
    doubled = timedelta(minutes=2 ** min(max(attempts - QUICK_TRIES, 0), 10))
    return min(doubled, LONGEST_PAUSE)
