"""The newsletter in somebody's account: a switch, a copy of what we keep, and leaving."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services import has_verified_email
from home.newsletter.links import Ticket
from home.newsletter.models import NewsletterConsent, Subscriber
from home.newsletter.services import confirm, subscribe, unsubscribe

Status = Subscriber.Status


def describe_switch(request: HttpRequest, user: User) -> dict[str, Any]:
    """Whether the newsletter goes to the user's address; whether it may."""
    subscriber = Subscriber.objects.for_email(user.email).first()
    return {
        "subscriber": subscriber,
        "is_on": subscriber is not None and subscriber.status == Status.ACTIVE,
        "can_be_on": has_verified_email(user),
        "is_shut": subscriber is not None and subscriber.suppressed_for == Subscriber.Reason.COMPLAINT,
    }


@transaction.atomic
def switch_on(*, user: User, ip_address: str | None) -> bool:
    """Send the newsletter to the user's confirmed address; whether it goes there now.

    No letter asks whether the address is theirs: the account knows. Who complained of spam is not written to.
    """
    subscribe(email=user.email, language=user.language, ip_address=ip_address)
    # The row is locked by now; the letter that would ask for a confirmation is not due.
    subscriber = Subscriber.objects.for_email(user.email).get()
    Subscriber.objects.filter(pk=subscriber.pk).update(due_answer="")
    confirmed = confirm(key=subscriber.key, ip_address=ip_address)
    return confirmed is not None


def switch_off(*, user: User) -> bool:
    """Send the newsletter to the user's address no more; whether it went there."""
    subscriber = Subscriber.objects.for_email(user.email).first()
    if subscriber is None:
        return False
    unsubscribe(ticket=Ticket(key=subscriber.key, mailing_id=None))
    return subscriber.status in {Status.PENDING, Status.ACTIVE}


def copy_subscription(user: User) -> dict[str, Any]:
    """When they asked for letters and agreed to them."""
    subscribers = Subscriber.objects.for_email(user.email)
    names = ("status", "language", "asked_at", "confirmed_at", "left_at")
    consents = NewsletterConsent.objects.filter(subscriber__in=subscribers)
    given = ("version", "given_at", "ip_address", "confirmed_at", "confirmed_ip", "withdrawn_at")
    return {"subscription": subscribers.values(*names).first(), "consents": list(consents.values(*given))}


def forget_subscriber(user: User) -> None:
    """Remove the subscription. An address that complained of spam is kept, so as never to be written to."""
    complained = Subscriber.Reason.COMPLAINT
    Subscriber.objects.for_email(user.email).exclude(suppressed_for=complained).delete()
