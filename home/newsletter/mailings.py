"""Every move of a mailing that a person makes. What the sender does by itself is in `sending`, `starting`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from core.tasks import enqueue_after_commit
from home.newsletter import tasks
from home.newsletter.models import Delivery, Mailing, NewsletterPage

Status = Mailing.Status


class MoveRefused(Exception):
    """The mailing does not stand where this could be done; nothing was changed."""

    def __init__(self, mailing: Mailing, wanted: str) -> None:
        super().__init__(f"Mailing {mailing.pk} is {mailing.status} and cannot become {wanted}")
        self.mailing = mailing


def draft_mailing(
    *, page: NewsletterPage, languages: Sequence[str], favorite_id: int | None, bought: int | None, by: User
) -> Mailing:
    """A mailing of the page's issue, not sent yet: to be looked at, then scheduled."""
    return Mailing.objects.create(
        issue=page.translation_key,
        page=page,
        title=page.title,
        languages=sorted(languages),
        favorite_id=favorite_id,
        bought=bought,
        created_by=by,
    )


@transaction.atomic
def schedule_mailing(*, mailing_id: int, at: datetime | None, by: User) -> Mailing:
    """Send the mailing at that time, or at once. Raises MoveRefused."""
    moment = at or timezone.now()
    mailing = _move(mailing_id, Status.SCHEDULED, scheduled_at=moment, note="")
    _note(mailing, by)
    if moment <= timezone.now():
        enqueue_after_commit(tasks.start_mailing, mailing_id=mailing_id)
    return mailing


@transaction.atomic
def unschedule_mailing(*, mailing_id: int, by: User) -> Mailing:
    """Take back that the mailing is planned: it is a draft again. Raises MoveRefused."""
    mailing = _move(mailing_id, Status.DRAFT)
    _note(mailing, by)
    return mailing


@transaction.atomic
def pause_mailing(*, mailing_id: int, by: User) -> Mailing:
    """Stop before the next letter. Raises MoveRefused."""
    mailing = _move(mailing_id, Status.PAUSED)
    _note(mailing, by)
    return mailing


@transaction.atomic
def resume_mailing(*, mailing_id: int, by: User) -> Mailing:
    """Go on where a paused mailing stopped. Raises MoveRefused."""
    if Mailing.objects.filter(pk=mailing_id, status=Status.SCHEDULED).exists():
        raise MoveRefused(Mailing.objects.get(pk=mailing_id), Status.SENDING)
    mailing = _move(mailing_id, Status.SENDING, note="", alive_at=timezone.now(), run=F("run") + 1)
    _note(mailing, by)
    enqueue_after_commit(tasks.send_batch, mailing_id=mailing_id, run=mailing.run)
    return mailing


@transaction.atomic
def cancel_mailing(*, mailing_id: int, by: User) -> Mailing:
    """Give the mailing up for good; raises MoveRefused.

    Who got no letter can get this issue by another mailing.
    """
    mailing = _move(mailing_id, Status.CANCELED, finished_at=timezone.now())
    waiting = Delivery.objects.filter(mailing=mailing_id, status=Delivery.Status.PENDING)
    # A letter that a sender is just claiming is locked: it goes out, and stays in the figures.
    free = waiting.select_for_update(skip_locked=True).values("pk")
    Delivery.objects.filter(pk__in=list(free.values_list("pk", flat=True))).delete()
    _note(mailing, by)
    return mailing


@transaction.atomic
def settle_stuck(*, mailing_id: int, delivery_id: int, was_sent: bool, by: User) -> str:
    """Write down what a person found out about a letter in doubt; its status now, or "" where it was in none.

    One that was not sent waits to be sent as long as its mailing goes on; else nobody sends it any more.
    """
    mailing = Mailing.objects.locked().get(pk=mailing_id)  # it is not called done meanwhile
    fields: dict[str, Any] = {"status": Delivery.Status.FAILED, "error": "not sent"}
    if was_sent:
        fields = {"status": Delivery.Status.SENT, "sent_at": timezone.now()}
    elif mailing.status in {Status.SENDING, Status.PAUSED}:
        fields = {"status": Delivery.Status.PENDING, "due_at": None}
    stuck = Delivery.objects.stuck(timezone.now()).filter(mailing=mailing_id, pk=delivery_id)
    if not stuck.update(**fields):
        return ""
    _note(mailing, by)
    return str(fields["status"])


def rescue_mailing(*, mailing_id: int) -> int | None:
    """Begin a new run of a mailing that nobody sends any more; its number. None where somebody does."""
    left_alone = Mailing.objects.left_alone(timezone.now()).filter(pk=mailing_id)
    if not left_alone.update(alive_at=timezone.now(), run=F("run") + 1):
        return None
    return Mailing.objects.values_list("run", flat=True).get(pk=mailing_id)


def _move(mailing_id: int, status: str, **fields: Any) -> Mailing:
    """Make one move of the state machine, under the row's lock."""
    mailing = Mailing.objects.locked().get(pk=mailing_id)
    if not mailing.may_become(status):
        raise MoveRefused(mailing, status)
    Mailing.objects.filter(pk=mailing_id).update(status=status, **fields)
    mailing.refresh_from_db()
    return mailing


def _note(mailing: Mailing, by: User) -> None:
    """Leave a line in the admin's history of the site."""
    log(instance=mailing, action="newsletter.move", user=by, data={"status": mailing.status})
