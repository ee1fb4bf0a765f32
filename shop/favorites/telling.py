"""Telling people that a berry is back: once each, in the order in which they asked.

Few packs for many people: only as many are told as there are packs, and they have HEAD_START to come before
the next ones are told of what is left. Nothing is reserved: a letter says what can be had, and whoever comes
first gets it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from core.outbox import post_mail
from shop.catalog.cards import BerryTitle, get_titles
from shop.catalog.models import Berry, Lot
from shop.favorites.models import Waiting, WaitingQuerySet

Moment = Waiting.Moment
HEAD_START = timedelta(hours=1)
# No more in one transaction; the job comes back for the others.
BATCH = 200


def list_due_berries(moment: str) -> list[int]:
    """The berries of which somebody is to be told now."""
    rows = Waiting.objects.all()
    due = rows.due_for_stock() if moment == Moment.STOCK else rows.due_for_season()
    return sorted(set(due.values_list("berry_id", flat=True)))


@transaction.atomic
def tell_stock(*, berry_id: int) -> int:
    """Tell the next people in the line that the berry is in stock; how many. May run anywhere, at any time.

    The berry's row stays locked meanwhile, so that two workers never count the same packs for two groups.
    """
    now = timezone.now()
    if not _hold(berry_id):
        return 0
    lots = Lot.objects.sellable(timezone.localdate(now)).filter(pack__berry=berry_id, pack__is_active=True)
    left = lots.aggregate(packs=Sum("left"))["packs"] or 0
    told = Waiting.objects.filter(
        berry=berry_id, moment=Moment.STOCK, status="told", ended_at__gt=now - HEAD_START
    )
    places = left - told.count()
    due = Waiting.objects.active().filter(berry=berry_id, moment=Moment.STOCK)
    return _tell(berry_id, due, most=min(places, BATCH), now=now)


@transaction.atomic
def tell_season(*, berry_id: int) -> int:
    """Tell everybody who asked that the berry's season began; how many. May run anywhere, at any time."""
    if not _hold(berry_id):
        return 0
    due = Waiting.objects.due_for_season().filter(berry=berry_id)
    return _tell(berry_id, due, most=BATCH, now=timezone.now())


def _hold(berry_id: int) -> bool:
    """Lock the berry against others who tell; whether it is sold."""
    return Berry.objects.active().select_for_update(no_key=True).filter(pk=berry_id).first() is not None


def _tell(berry_id: int, due: WaitingQuerySet, *, most: int, now: datetime) -> int:
    """Write to the first people of the line and close their requests, all in the caller's transaction.

    Who reads a language in which the berry has no page stays in the line, and holds up nobody.
    """
    if most <= 0:
        return 0
    titles = _find_titles(berry_id)
    readers = due.filter(language__in=titles).first_come()
    rows = list(readers.select_for_update(of=("self",))[:most])
    for row in rows:
        row.status, row.ended_at = Waiting.Status.TOLD, now
        _write(row, titles[row.language])
    Waiting.objects.bulk_update(rows, ["status", "ended_at"])
    return len(rows)


def _find_titles(berry_id: int) -> dict[str, BerryTitle]:
    """What the berry is called and where its page is, by the languages in which it has one."""
    found = {
        language: get_titles([berry_id], language).get(berry_id) for language, _name in settings.LANGUAGES
    }
    return {language: title for language, title in found.items() if title and title.url}


def _write(row: Waiting, title: BerryTitle) -> None:
    post_mail(
        template="favorites/back",
        context={
            "title": title.title,
            "moment": row.moment,
            "berry_url": settings.SITE_URL + title.url,
        },
        to=row.email,
        language=row.language,
        key=f"waiting:{row.pk}:told",
    )
