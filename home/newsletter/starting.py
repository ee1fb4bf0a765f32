"""The start of a mailing: its letters are frozen and its readers written down."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from home.newsletter.audience import find_audience, find_versions
from home.newsletter.content import Facts, gather_facts, make_pictures
from home.newsletter.emails import FrozenLetter, freeze_letter
from home.newsletter.models import Delivery, Letter, Mailing, NewsletterPage

logger = logging.getLogger(__name__)

CHUNK = 2000
Status = Mailing.Status


@dataclass(frozen=True, slots=True)
class Draft:
    """One language of the issue at this moment, not stored yet."""

    language: str
    letter: FrozenLetter
    facts: Facts


def start_mailing(*, mailing_id: int) -> int | None:
    """Begin a scheduled mailing whose time has come: the number of its run. None where it is not to begin.

    An issue that is not published in every language of the mailing is not sent: the mailing is a draft again
    and says why.
    """
    mailing = Mailing.objects.due(timezone.now()).filter(pk=mailing_id).first()
    if mailing is None:
        return None
    versions = find_versions(mailing)
    if set(versions) != set(mailing.languages):
        _send_back(mailing)
        return None
    drafts = [draft_letter(page) for page in versions.values()]
    return _begin(mailing_id, drafts)


def draft_letter(page: NewsletterPage) -> Draft:
    """The issue as it would go out now."""
    make_pictures(page)
    facts = gather_facts(page)
    return Draft(page.locale.language_code, freeze_letter(page, facts), facts)


@transaction.atomic
def _begin(mailing_id: int, drafts: list[Draft]) -> int | None:
    """Store letters and readers, unless somebody else has begun meanwhile."""
    mailing = Mailing.objects.locked().get(pk=mailing_id)
    if not mailing.may_become(Status.SENDING) or mailing.status != Status.SCHEDULED:
        return None
    store_letters(mailing, drafts)
    write_down_readers(mailing)
    now = timezone.now()
    Mailing.objects.filter(pk=mailing.pk).update(
        status=Status.SENDING, started_at=now, alive_at=now, note="", run=F("run") + 1
    )
    return mailing.run + 1


def store_letters(mailing: Mailing, drafts: Iterable[Draft]) -> None:
    """Keep what goes out, as it goes out."""
    Letter.objects.bulk_create(
        Letter(
            mailing=mailing,
            language=draft.language,
            subject=draft.letter.subject,
            text=draft.letter.text,
            html=draft.letter.html,
            facts=draft.facts,
        )
        for draft in drafts
    )


def write_down_readers(mailing: Mailing) -> int:
    """A row for each subscriber of the audience; how many. Nobody gets a second one of the same issue."""
    count = 0
    chunk: list[Delivery] = []
    for subscriber_id in find_audience(mailing).order_by("pk").values_list("pk", flat=True).iterator(CHUNK):
        chunk.append(Delivery(mailing=mailing, issue=mailing.issue, subscriber_id=subscriber_id))
        if len(chunk) == CHUNK:
            count += _store(chunk)
            chunk = []
    return count + _store(chunk)


def _store(chunk: list[Delivery]) -> int:
    return len(Delivery.objects.bulk_create(chunk, ignore_conflicts=True))


def _send_back(mailing: Mailing) -> None:
    """Make it a draft again, with a note for whoever scheduled it."""
    logger.error("Mailing %s was not sent: its issue is not published in every language", mailing.pk)
    scheduled = Mailing.objects.filter(pk=mailing.pk, status=Status.SCHEDULED)
    scheduled.update(status=Status.DRAFT, note=Mailing.Note.UNPUBLISHED)
