"""The numbers beside the choices above a list of berries.

Counting a long list takes a while, so its numbers may be a minute old; a short one is counted each time.
Prices and stock on the cards are always those of the moment.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import reduce
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, F, Value
from django.utils import timezone

from shop.catalog.choices import Sort
from shop.catalog.freshness import KEPT_SECONDS, get_generation
from shop.catalog.listing import Filters, filter_pages
from shop.catalog.pages import BerryPage, BerryPageQuerySet

KEPT_FROM = 100  # berries: fewer are counted in no time


@dataclass(frozen=True, slots=True)
class Facets:
    """How many berries each choice would show, the other choices being as they are."""

    total: int
    in_season: int
    in_stock: int
    any_category: int
    categories: Mapping[str, int]


def get_facets(locale_id: int, filters: Filters) -> Facets:
    """The numbers of a language's whole catalog; those of a long list may be a minute old."""
    return keep_facets(BerryPage.objects.for_locale(locale_id), filters, of=locale_id)


def keep_facets(pages: BerryPageQuerySet, filters: Filters, *, of: object) -> Facets:
    """The numbers of any pages, a minute old where these are many; `of` tells them from any others."""
    key = name_facets(of, filters)
    known: Facets | None = cache.get(key)
    if known is None:
        known = count_facets(pages, filters)
        if known.any_category >= KEPT_FROM:
            cache.set(key, known, KEPT_SECONDS)
    return known


def name_facets(of: object, filters: Filters) -> str:
    """The cache's key of the numbers; the order of a list changes none of them."""
    choices = sorted((name, str(value)) for name, value in asdict(filters).items() if name != "sort")
    said = (of, timezone.localdate(), get_generation(), choices)
    return f"catalog:facets:{sha256(repr(said).encode()).hexdigest()}"


def count_facets(pages: BerryPageQuerySet, filters: Filters) -> Facets:
    """The numbers of any pages, in one query; choices that come to the same are counted once."""
    today = timezone.localdate()
    plain = replace(filters, sort=Sort.POPULAR)
    elsewhere = replace(plain, category="")
    choices = {
        "total": plain,
        "in_season": replace(plain, in_season=True),
        "in_stock": replace(plain, in_stock=True),
        "any": elsewhere,
    }
    distinct = {choice: name for name, choice in choices.items()}
    counts = [_count(filter_pages(pages, choice, today), name) for choice, name in distinct.items()]
    counts.append(
        filter_pages(pages, elsewhere, today)
        .order_by()
        .values(of=Value("category"), code=F("berry__categories__code"))
        .annotate(number=Count("pk"))
        .values_list("of", "code", "number")
    )
    rows = {
        (of, code): number
        for of, code, number in reduce(lambda one, other: one.union(other, all=True), counts)
    }
    numbers = {name: rows.get((distinct[choice], ""), 0) for name, choice in choices.items()}
    return Facets(
        total=numbers["total"],
        in_season=numbers["in_season"],
        in_stock=numbers["in_stock"],
        any_category=numbers["any"],
        categories={code: number for (of, code), number in rows.items() if of == "category" and code},
    )


def _count(pages: BerryPageQuerySet, name: str) -> BerryPageQuerySet:
    """One row: name, nothing, number."""
    return (
        pages.order_by()
        .values(of=Value(name), code=Value(""))
        .annotate(number=Count("pk"))
        .values_list("of", "code", "number")
    )
