"""Counting what people search, without them noticing and without knowing who they are.

A search adds to a hash in Redis, one short call; a periodic job writes the sums to the database. Where Redis
is away the search goes uncounted: these are statistics, nobody's money.
"""

import json
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import RedisError, ResponseError
from wagtail.models import Page

from search.cleaning import split_words
from search.log import LONGEST_TEXT, OpenedPage, SearchedQuery

logger = logging.getLogger(__name__)

MOST_WORDS = 8
MOST_DIGITS = 4  # «малина 500 г»; five and more are a phone, a card or an order
MOST_AT_ONCE = 2000  # queries of one minute
MOST_KEY = 2**31 - 1
KEPT_DAYS = 400
RARE_KEPT_DAYS = 30
FEWEST_KEPT = 5  # searches of a text in all that is kept: what fewer asked for may be about one person
_ADDRESS = re.compile(r"@|://|\bwww\b|\w\.(?:ru|рф|su|com|net|org|info|by|kz|ua|me)\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:ул|улица|улице|пр-т|просп|проспект|пер|переулок|наб|шоссе|бульвар|кв|квартира|подъезд"
    r"|street|st|avenue|apt|flat)\b",
    re.IGNORECASE,
)

# The kinds of numbers in Redis; each has a name of its kind and what it is about.
SEARCHED, HITS, OPENED, CHOSEN = "searched", "hits", "opened", "chosen"

Key = tuple[str, str, str]  # day, language, words


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted since the last time."""

    searches: dict[Key, int]
    hits: dict[Key, int]
    opens: dict[tuple[str, str, int], int]  # language, words, page
    chosen: dict[tuple[str, str, str, int], int]  # day, language, words, page


def choose_words(query: str) -> str:
    """The query as it may be written down, "" for one that seems to be about a person or is no search."""
    plain = unicodedata.normalize("NFKC", query)
    words = split_words(plain)
    text = " ".join(words)
    is_private = _ADDRESS.search(plain) or _STREET.search(plain) or sum(map(str.isdigit, plain)) > MOST_DIGITS
    return "" if is_private or len(words) > MOST_WORDS or len(text) > LONGEST_TEXT else text


# --- While people search --------------------------------------------------------


def count_search(*, query: str, language: str, hits: int) -> None:
    """Count one search that found so many pages. Never fails."""
    if words := choose_words(query):
        key = (timezone.localdate().isoformat(), language, words)
        _add(json.dumps([SEARCHED, *key]), json.dumps([HITS, *key]), hits)


def count_opening(*, query: str, language: str, page_id: int) -> None:
    """Count that a page was opened from the results of a query. Never fails."""
    words = choose_words(query)
    if words and 0 < page_id <= MOST_KEY:
        _add(json.dumps([OPENED, language, words, page_id]))


def count_choice(*, query: str, language: str, page_id: int) -> None:
    """Count that a page was opened from the suggestions for a beginning: searched, found and opened at once.

    Never fails.
    """
    words = choose_words(query)
    if words and 0 < page_id <= MOST_KEY:
        _add(json.dumps([CHOSEN, timezone.localdate().isoformat(), language, words, page_id]))


def _add(name: str, latest: str = "", value: int = 0) -> None:
    """Add one under the name and, where `latest` names one, note that value as its newest."""
    try:
        with get_redis_connection("default").pipeline(transaction=False) as pipe:
            pipe.hincrby(_counting_key(), name, 1)
            if latest:
                pipe.hset(_counting_key(), latest, value)
            pipe.execute()
    except RedisError:
        logger.warning("Redis is away: a search goes uncounted")


def _counting_key() -> str:
    return str(cache.make_key("search:counting"))


def _taken_key() -> str:
    return str(cache.make_key("search:taken"))


# --- Each minute ------------------------------------------------------------------


def write_counts() -> int:
    """Write what was counted to the database; how many queries that were.

    Counts that an earlier call took and could not write come first; a call that dies between writing and
    forgetting counts them twice.
    """
    try:
        redis = get_redis_connection("default")
        taken = _take(redis)
        if not taken:
            return 0
        counts = _read_counts(taken)
        _store(counts)
        redis.delete(_taken_key())
    except RedisError:
        logger.warning("Redis is away: searches are written down later")
        return 0
    return len(counts.searches) + len(counts.chosen)


def _take(redis: Any) -> dict[bytes, bytes]:
    """The counts, put aside so that counting starts anew."""
    if not redis.exists(_taken_key()):
        try:
            redis.rename(_counting_key(), _taken_key())
        except ResponseError:  # nobody searched
            return {}
    taken: dict[bytes, bytes] = redis.hgetall(_taken_key())
    return taken


def _read_counts(taken: dict[bytes, bytes]) -> Counts:
    counts = Counts({}, {}, {}, {})
    for name, number in taken.items():
        kind, *parts = json.loads(name)
        if kind == OPENED:
            language, text, page = parts
            counts.opens[language, text, page] = int(number)
        elif kind == CHOSEN:
            day, language, text, page = parts
            counts.chosen[day, language, text, page] = int(number)
        else:
            day, language, text = parts
            sums = counts.searches if kind == SEARCHED else counts.hits
            sums[day, language, text] = int(number)
    return counts


@transaction.atomic
def _store(counts: Counts) -> None:
    searches, opens, found = Counter(counts.searches), Counter(counts.opens), set()
    pages = _list_pages({key[2] for key in counts.opens} | {key[3] for key in counts.chosen})
    for (day, language, text, page), number in counts.chosen.items():
        if page in pages:
            searches[day, language, text] += number
            opens[language, text, page] += number
            found.add((day, language, text))
    often = sorted(searches, key=lambda key: (-searches[key], key))[:MOST_AT_ONCE]
    rows = _lock_queries(often)
    for key in often:
        rows[key].searches += searches[key]
        rows[key].hits = max(counts.hits.get(key, rows[key].hits), int(key in found))
    SearchedQuery.objects.bulk_update(rows.values(), ["searches", "hits"], batch_size=500)
    _store_opens({key: number for key, number in opens.items() if key[2] in pages})


def _list_pages(keys: Iterable[int]) -> set[int]:
    """Those of the keys that are pages'; any other was forged."""
    return set(Page.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _lock_queries(keys: Iterable[Key]) -> dict[Key, SearchedQuery]:
    """The row of each key, locked; made where it is missing."""
    wanted = {(date.fromisoformat(day), language, text) for day, language, text in keys}
    SearchedQuery.objects.bulk_create(
        (SearchedQuery(on=on, language=language, text=text) for on, language, text in sorted(wanted)),
        ignore_conflicts=True,
    )
    days, texts = {on for on, _language, _text in wanted}, {text for _on, _language, text in wanted}
    rows = SearchedQuery.objects.filter(on__in=days, text__in=texts).order_by("pk").select_for_update()
    by_key = {(row.on, row.language, row.text): row for row in rows}
    return {(on.isoformat(), language, text): by_key[on, language, text] for on, language, text in wanted}


def _store_opens(opens: dict[tuple[str, str, int], int]) -> None:
    """Add openings to the newest row of their query; what was never searched is forged."""
    texts = {text for _language, text, _page in opens}
    rows = SearchedQuery.objects.filter(text__in=texts).order_by("on", "pk")
    newest = {(row.language, row.text): row for row in rows}
    for (language, text, page), number in sorted(opens.items()):
        query = newest.get((language, text))
        if query:
            opened, _created = OpenedPage.objects.select_for_update().get_or_create(query=query, page_id=page)
            opened.opens += number
            opened.save(update_fields=["opens"])


# --- Each night -------------------------------------------------------------------


def forget_old_searches() -> int:
    """Delete what is older than a year or so, and after a month what hardly anybody searched."""
    today = timezone.localdate()
    old = SearchedQuery.objects.filter(on__lt=today - timedelta(days=KEPT_DAYS))
    same = SearchedQuery.objects.filter(language=OuterRef("language"), text=OuterRef("text")).order_by()
    often = same.values("text").annotate(sum=Sum("searches")).filter(sum__gte=FEWEST_KEPT)
    rare = SearchedQuery.objects.filter(~Exists(often), on__lt=today - timedelta(days=RARE_KEPT_DAYS))
    return old.delete()[0] + rare.delete()[0]
