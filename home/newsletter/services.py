"""Subscribing, confirming and leaving. The answer to the form never tells whether an address is known."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.seller import get_seller
from core.tasks import enqueue_after_commit
from home.newsletter import tasks
from home.newsletter.links import Ticket
from home.newsletter.models import Delivery, NewsletterConsent, Subscriber

# An address gets no second letter of ours before this time, however often it is entered.
ANSWER_AGAIN_AFTER = timedelta(minutes=5)
FORGET_AFTER = timedelta(days=7)
ANSWER_OVERDUE_AFTER = timedelta(minutes=1)
Status = Subscriber.Status


@transaction.atomic
def subscribe(*, email: str, language: str, ip_address: str | None) -> None:
    """Take up that somebody asked for letters to the address, and write there to ask whether it is true.

    Who reads us already is told so, by mail; who complained of spam is never written to again.
    """
    subscriber = _find_or_make(email.strip().lower(), language)
    if subscriber.suppressed_for == Subscriber.Reason.COMPLAINT:
        return
    now = timezone.now()
    if subscriber.status != Status.ACTIVE:
        _ask_again(subscriber, language, now)
        _record_consent(subscriber, ip_address)
    if subscriber.answered_at and subscriber.answered_at > now - ANSWER_AGAIN_AFTER:
        return
    is_known = subscriber.status == Status.ACTIVE
    subscriber.due_answer = Subscriber.Answer.KNOWN if is_known else Subscriber.Answer.CONFIRM
    subscriber.answered_at = now
    subscriber.save(update_fields=["due_answer", "answered_at"])
    enqueue_after_commit(tasks.send_answer, subscriber_id=subscriber.pk)


@transaction.atomic
def confirm(*, key: UUID, ip_address: str | None) -> Subscriber | None:
    """Make the subscriber active; None where there is nothing to confirm any more.

    Who is active already stays so.
    """
    subscriber = Subscriber.objects.select_for_update().filter(key=key).first()
    if subscriber is None or subscriber.status not in {Status.PENDING, Status.ACTIVE}:
        return None
    if subscriber.status == Status.PENDING:
        now = timezone.now()
        subscriber.status, subscriber.confirmed_at, subscriber.left_at = Status.ACTIVE, now, None
        subscriber.save(update_fields=["status", "confirmed_at", "left_at"])
        open_consents = subscriber.consents.filter(withdrawn_at=None, confirmed_at=None)
        open_consents.update(confirmed_at=now, confirmed_ip=ip_address)
    return subscriber


@transaction.atomic
def unsubscribe(*, ticket: Ticket) -> Subscriber | None:
    """Write to the subscriber no more, from this moment on; None for one who does not exist.

    A second time changes nothing. What was suppressed stays so.
    """
    subscriber = Subscriber.objects.select_for_update().filter(key=ticket.key).first()
    if subscriber is None:
        return None
    now = timezone.now()
    subscriber.consents.filter(withdrawn_at=None).update(withdrawn_at=now)
    if subscriber.status in {Status.PENDING, Status.ACTIVE}:
        subscriber.status, subscriber.left_at, subscriber.due_answer = Status.UNSUBSCRIBED, now, ""
        subscriber.save(update_fields=["status", "left_at", "due_answer"])
        letters = Delivery.objects.filter(mailing=ticket.mailing_id, subscriber=subscriber, left_at=None)
        letters.update(left_at=now)
    return subscriber


@transaction.atomic
def suppress(*, email: str, reason: str, at: datetime) -> bool:
    """Stop writing to an address that bounces or complained at that moment; whether that is news.

    A bounce of before the address was last confirmed is none.
    """
    subscriber = Subscriber.objects.select_for_update().for_email(email).first()
    if subscriber is None:
        return False
    complained = Subscriber.Reason.COMPLAINT
    if subscriber.suppressed_for in {reason, complained}:
        return False
    if reason != complained and subscriber.confirmed_at and subscriber.confirmed_at > at:
        return False
    subscriber.status, subscriber.suppressed_at, subscriber.suppressed_for = Status.SUPPRESSED, at, reason
    subscriber.due_answer = ""
    subscriber.save(update_fields=["status", "suppressed_at", "suppressed_for", "due_answer"])
    if reason == complained:
        subscriber.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    return True


def forget_unconfirmed() -> int:
    """Delete the addresses that nobody confirmed in time; how many."""
    stale = Subscriber.objects.never_confirmed(timezone.now() - FORGET_AFTER)
    _count, by_model = stale.delete()
    return by_model.get(Subscriber._meta.label, 0)


def _find_or_make(email: str, language: str) -> Subscriber:
    """The subscriber of the address, locked."""
    locked = Subscriber.objects.select_for_update()
    subscriber = locked.for_email(email).first()
    if subscriber is None:
        Subscriber.objects.bulk_create([Subscriber(email=email, language=language)], ignore_conflicts=True)
        subscriber = locked.for_email(email).get()
    return subscriber


def _ask_again(subscriber: Subscriber, language: str, now: datetime) -> None:
    """Let the subscriber wait for confirmation, as of now."""
    subscriber.status, subscriber.language, subscriber.asked_at = Status.PENDING, language, now
    subscriber.suppressed_for, subscriber.suppressed_at = "", None
    subscriber.save(update_fields=["status", "language", "asked_at", "suppressed_for", "suppressed_at"])


def _record_consent(subscriber: Subscriber, ip_address: str | None) -> None:
    """Keep the proof: which version, when, from where. The first of a version stands."""
    NewsletterConsent.objects.bulk_create(
        [
            NewsletterConsent(
                subscriber=subscriber, version=get_seller().privacy_version, ip_address=ip_address
            )
        ],
        ignore_conflicts=True,
    )
