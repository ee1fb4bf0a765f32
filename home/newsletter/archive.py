"""What the public sees of the newsletter: issues that were sent, with the prices they were sent with."""

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from wagtail.query import PageQuerySet

from home.newsletter.content import Facts
from home.newsletter.models import Letter, Mailing, NewsletterPage


def list_sent_issues(language: str) -> PageQuerySet:
    """Published issues in the language that were sent, newest first, each with `sent_at`; without bodies."""
    begun = Mailing.objects.begun().filter(issue=OuterRef("translation_key"), languages__contains=[language])
    pages = NewsletterPage.objects.published().filter(locale__language_code=language).defer_streamfields()
    sent = pages.annotate(sent_at=Subquery(begun.order_by("started_at").values("started_at")[:1])).filter(
        sent_at__isnull=False
    )
    return sent.order_by("-sent_at", "-pk")


def find_sending(issue: UUID, language: str) -> tuple[datetime | None, Facts | None]:
    """When the issue was first sent in the language, and the facts of then; nothing if it was not."""
    letters = Letter.objects.filter(
        mailing__issue=issue, mailing__started_at__isnull=False, language=language
    )
    letter = letters.order_by("frozen_at").first()
    return (letter.frozen_at, letter.facts) if letter else (None, None)
