"""Subscribers, issues and mailings, and sending them as workers do."""

import json
from uuid import uuid4

from django.utils import timezone

from home.newsletter import mailings, sending, starting
from home.newsletter.models import Mailing, NewsletterIndexPage, NewsletterPage, Subscriber
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page


def make_subscriber(email=None, *, language="ru", status="active", **fields) -> Subscriber:
    now = timezone.now()
    times = {"active": {"confirmed_at": now}, "unsubscribed": {"left_at": now}}
    return Subscriber.objects.create(
        email=email or f"{uuid4().hex[:10]}@example.com",
        language=language,
        status=status,
        **times.get(status, {}) | fields,
    )


def get_index_page(language="ru") -> NewsletterIndexPage:
    front = get_front_page(language)
    existing = NewsletterIndexPage.objects.child_of(front).first()
    if existing:
        return existing
    words = {
        "title": "Письма" if language == "ru" else "Letters",
        "slug": "newsletter",
        "locale": front.locale,
    }
    if language != "ru":
        words["translation_key"] = get_index_page("ru").translation_key
    return front.add_child(instance=NewsletterIndexPage(**words))


def build_body(*blocks) -> str:
    return json.dumps([{"type": kind, "value": value, "id": str(uuid4())} for kind, value in blocks])


def make_issue(
    title="Малина пошла", *, language="ru", of=None, blocks=(("text", "<p>Спелая.</p>"),), **fields
):
    index = get_index_page(language)
    words = {"translation_key": of.translation_key} if of else {}
    return index.add_child(
        instance=NewsletterPage(
            title=title,
            slug=f"issue-{uuid4().hex[:8]}",
            preheader="Первая в году",
            body=build_body(*blocks),
            locale=index.locale,
            **words | fields,
        )
    )


def make_mailing(issue=None, *, languages=("ru",), favorite=None, bought=None, by=None) -> Mailing:
    return mailings.draft_mailing(
        page=issue or make_issue(),
        languages=languages,
        favorite_id=favorite.pk if favorite else None,
        bought=bought,
        by=by or UserFactory(),
    )


def start(mailing: Mailing) -> int | None:
    """Begin the mailing now; the number of its run."""
    Mailing.objects.filter(pk=mailing.pk).update(status="scheduled", scheduled_at=timezone.now())
    return starting.start_mailing(mailing_id=mailing.pk)


def send(mailing: Mailing) -> bool:
    """Send a batch of the mailing as it stands; whether there is more."""
    return sending.send_batch(mailing_id=mailing.pk, run=Mailing.objects.get(pk=mailing.pk).run)
