"""The demo's newsletter: an archive, an issue that was sent in both languages, and a few readers."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from anyberry.demo.source import Record, read_file
from anyberry.demo.streams import dump_stream, list_items
from anyberry.demo.tree import TreeLoader, make_key
from home.newsletter.models import (
    Delivery,
    Mailing,
    NewsletterConsent,
    NewsletterIndexPage,
    NewsletterPage,
    Subscriber,
)
from home.newsletter.starting import draft_letter, store_letters
from shop.catalog.models import Berry

IN_MAILBOX = ("title", "slug", "subject", "preheader", "search_description")
ISSUE = "newsletter/november"


def load_newsletter(loader: TreeLoader, front: Page) -> None:
    """Make what is missing; a mailing of the issue that is there stays as it is."""
    content = read_file("newsletter.toml")
    index = loader.ensure(
        "newsletter", NewsletterIndexPage, front, lambda code: NewsletterIndexPage(**content["index"][code])
    )
    issue = loader.ensure(ISSUE, NewsletterPage, index, lambda code: draft_issue(loader, content, code))
    readers = [load_reader(reader) for reader in content["readers"]]
    if not Mailing.objects.filter(issue=issue.translation_key).exists():
        record_mailing(issue, readers, days_ago=content["days_ago"])


def draft_issue(loader: TreeLoader, content: Record, code: str) -> NewsletterPage:
    """The issue in one language, not saved."""
    words = content["issue"][code]
    berries = dict(Berry.objects.filter(code__in=content["berries"]).values_list("code", "pk"))
    keys = [make_key(f"article/{name}") for name in content["articles"]]
    articles = Page.objects.filter(translation_key__in=keys, locale=loader.ru).order_by("path")
    catalog = Page.objects.get(translation_key=make_key("catalog"), locale=loader.ru)
    picture = {"image": loader.pictures.get(content["picture"]).pk}
    body = [
        ("text", words["text"]),
        ("picture", picture | {"alt": words["picture_alt"], "caption": words["caption"]}),
        ("berries", {"title": words["berries_title"], "berries": list_items(berries.values())}),
        ("articles", {"title": words["articles_title"], "articles": list_items(a.pk for a in articles)}),
        ("action", {"label": words["action"], "page": catalog.pk, "url": ""}),
    ]
    return NewsletterPage(
        **{name: words[name] for name in IN_MAILBOX},
        body=dump_stream({"type": kind, "value": value} for kind, value in body),
    )


def load_reader(content: Record) -> Subscriber:
    """Make the subscriber where missing, with the proof of consent."""
    now = timezone.now()
    times = {
        "pending": {},
        "active": {"confirmed_at": now},
        "unsubscribed": {"confirmed_at": now, "left_at": now},
    }
    status = content["status"]
    subscriber, created = Subscriber.objects.get_or_create(
        email=content["email"], defaults={**content, **times[status]}
    )
    if created:
        confirmed_at = None if status == "pending" else now
        NewsletterConsent.objects.create(
            subscriber=subscriber, version="2026-11-01", confirmed_at=confirmed_at
        )
    return subscriber


@transaction.atomic
def record_mailing(issue: NewsletterPage, readers: list[Subscriber], *, days_ago: int) -> None:
    """Write down that the issue was sent, with the letters as they would have been."""
    at = timezone.now() - timedelta(days=days_ago)
    versions = NewsletterPage.objects.filter(translation_key=issue.translation_key, live=True)
    mailing = Mailing.objects.create(
        issue=issue.translation_key,
        page=issue,
        title=issue.title,
        languages=["en", "ru"],
        status=Mailing.Status.DONE,
        run=1,
        created_at=at,
        scheduled_at=at,
        started_at=at,
        finished_at=at + timedelta(minutes=1),
    )
    store_letters(mailing, [draft_letter(page) for page in versions.select_related("locale")])
    mailing.letters.update(frozen_at=at)
    for reader in readers:
        if reader.confirmed_at:
            Delivery.objects.create(
                mailing=mailing,
                issue=mailing.issue,
                subscriber=reader,
                status=Delivery.Status.SENT,
                attempts=1,
                claimed_at=at,
                sent_at=at,
                left_at=reader.left_at,
            )
