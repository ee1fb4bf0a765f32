"""Counting looks at pages without a cookie, an address or a name.

A look adds one to a hash in Redis; a periodic job adds the sums to the database. Where Redis is away a look
goes uncounted: these are statistics, nobody's money.
"""

import logging
import re
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import RedisError, ResponseError
from wagtail.models import Page

from home.readers.models import BerryAdds, PageViews

logger = logging.getLogger(__name__)

KEPT_DAYS = 400
# Programs that read pages and say so. Who says nothing is counted: a guess would be no better.
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor|fetch|curl|wget|python|headless", re.IGNORECASE)


def count_view(request: HttpRequest, page_id: int) -> None:
    """Count one look at the page that is no robot's and no colleague's. Never fails."""
    if not is_reader(request):
        return
    try:
        get_redis_connection("default").hincrby(_counting_key(), f"{timezone.localdate()}:{page_id}", 1)
    except RedisError:
        logger.warning("Redis is away: a look at a page goes uncounted")


def is_reader(request: HttpRequest) -> bool:
    """Whether a person outside the shop asks for the page in order to read it."""
    agent = request.headers.get("User-Agent", "")
    is_guess = "prefetch" in request.headers.get("Sec-Purpose", "")
    is_asked = request.method == "GET" and not is_guess and not getattr(request, "htmx", False)
    return is_asked and bool(agent) and not ROBOTS.search(agent) and not is_colleague(request)


def is_colleague(request: HttpRequest) -> bool:
    """Whether staff asks; who is answered from the page cache was not asked who they are."""
    user = getattr(request, "user", None)
    return user is not None and user.is_staff


def _counting_key() -> str:
    return str(cache.make_key("readers:counting"))


def _taken_key() -> str:
    return str(cache.make_key("readers:taken"))


# --- Each minute ------------------------------------------------------------------


def write_views() -> int:
    """Write what was counted to the database; how many rows that were.

    What an earlier call took and could not write comes first; a call that dies between writing and
    forgetting counts twice.
    """
    try:
        redis = get_redis_connection("default")
        taken = _take(redis)
        _store(taken)
        redis.delete(_taken_key())
    except RedisError:
        logger.warning("Redis is away: looks at pages are written down later")
        return 0
    return len(taken)


def _take(redis: Any) -> dict[tuple[date, int], int]:
    """The counts by day and page, put aside so that counting starts anew."""
    if not redis.exists(_taken_key()):
        try:
            redis.rename(_counting_key(), _taken_key())
        except ResponseError:  # nobody looked
            return {}
    counts = {}
    for name, number in redis.hgetall(_taken_key()).items():
        day, _sign, page = name.decode().partition(":")
        counts[date.fromisoformat(day), int(page)] = int(number)
    return counts


@transaction.atomic
def _store(counts: dict[tuple[date, int], int]) -> None:
    """Add to the rows, made where they are missing; a page that is gone takes its number along."""
    pages = set(Page.objects.filter(pk__in={page for _day, page in counts}).values_list("pk", flat=True))
    rows = sorted((day, page, number) for (day, page), number in counts.items() if page in pages)
    table = connection.ops.quote_name(PageViews._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO {table} ("on", page_id, views) VALUES (%s, %s, %s) '  # noqa: S608 -- our own table
            f'ON CONFLICT ("on", page_id) DO UPDATE SET views = {table}.views + EXCLUDED.views',
            rows,
        )


# --- For the dashboard, and each night ----------------------------------------------


def list_most_read(today: date, *, days: int, most: int) -> list[Page]:
    """The live pages that were looked at most in so many days up to today, each with its `views`."""
    since = today - timedelta(days=days - 1)
    rows = PageViews.objects.filter(on__gte=since, on__lte=today, page__live=True)
    sums = rows.values("page").annotate(sum=Sum("views")).order_by("-sum", "page")[:most]
    views = {row["page"]: row["sum"] for row in sums}
    pages = Page.objects.select_related("locale").in_bulk(views)
    for pk, page in pages.items():
        page.views = views[pk]
    return [pages[pk] for pk in views if pk in pages]


def forget_old_counts() -> int:
    """Let go of what is older than a year or so; how many rows that were."""
    old = {"on__lt": timezone.localdate() - timedelta(days=KEPT_DAYS)}
    return PageViews.objects.filter(**old).delete()[0] + BerryAdds.objects.filter(**old).delete()[0]
