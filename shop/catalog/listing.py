"""The list of berries: what is in it, in which order, and how many there are of each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OrderBy, Value
from django.utils import timezone

from shop.catalog.choices import Sort
from shop.catalog.pages import BerryPage, BerryPageQuerySet

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Filters:
    """What a shopper wants to see."""

    category: str = ""
    in_season: bool = False
    in_stock: bool = False
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    sort: Sort = Sort.POPULAR


@dataclass(frozen=True, slots=True)
class Facets:
    """How many berries each choice would show, the other choices being as they are."""

    total: int
    in_season: int
    in_stock: int
    any_category: int
    categories: Mapping[str, int]


class BerryPaginator(Paginator[BerryPage]):
    """Pages of a list whose length is known already."""

    def __init__(self, pages: BerryPageQuerySet, count: int) -> None:
        super().__init__(pages, PAGE_SIZE)
        self.known_count = count

    @cached_property
    def count(self) -> int:
        """The length of the list, without asking again."""
        return self.known_count


def filter_pages(pages: BerryPageQuerySet, filters: Filters, today: date) -> BerryPageQuerySet:
    """The pages whose berries fit the choices."""
    if filters.category:
        pages = pages.in_category(filters.category)
    if filters.in_season:
        pages = pages.filter(berry__season_months__contains=[today.month])
    if filters.in_stock:
        pages = pages.in_stock(today)
    if filters.price_min is not None:
        pages = pages.with_price().filter(price__gte=filters.price_min)
    if filters.price_max is not None:
        pages = pages.with_price().filter(price__lte=filters.price_max)
    return pages


def sort_pages(pages: BerryPageQuerySet, sort: Sort, today: date) -> BerryPageQuerySet:
    """The pages in an order of which every page of the list is a stable cut; sold-out berries are last."""
    orders: dict[Sort, Sequence[str | OrderBy]] = {
        Sort.POPULAR: ["-berry__popularity", "-berry__created_at"],
        Sort.NEW: ["-berry__created_at"],
        Sort.PRICE: [F("price").asc(nulls_last=True)],
        Sort.PRICE_DOWN: [F("price").desc(nulls_last=True)],
        Sort.PRICE_PER_KG: [F("price_per_kg").asc(nulls_last=True)],
        Sort.NAME: ["title"],
    }
    if sort in {Sort.PRICE, Sort.PRICE_DOWN, Sort.PRICE_PER_KG}:
        pages = pages.with_price()
    return pages.with_stock(today).order_by("-is_in_stock", *orders[sort], "pk")


def list_pages(pages: BerryPageQuerySet, filters: Filters) -> BerryPageQuerySet:
    """Those of the pages that fit, in order: to be cut into pages of a list."""
    today = timezone.localdate()
    return sort_pages(filter_pages(pages, filters, today), filters.sort, today)


def load_pages(part: Page[BerryPage], sort: Sort) -> list[BerryPage]:
    """The berry pages on one page of a list, with what cards need, in one query.

    The long list is sorted by what its order needs alone; the rest is read for the rows that are shown.
    """
    shown = cast("BerryPageQuerySet", part.object_list).values("pk")
    pages = sort_pages(BerryPage.objects.filter(pk__in=shown), sort, timezone.localdate())
    return list(pages.defer_streamfields().select_related("berry", "picture"))


def count_facets(pages: BerryPageQuerySet, filters: Filters) -> Facets:
    """The numbers beside the choices, in one query."""
    today = timezone.localdate()
    season = filter_pages(pages, replace(filters, in_season=True), today)
    stock = filter_pages(pages, replace(filters, in_stock=True), today)
    elsewhere = filter_pages(pages, replace(filters, category=""), today)
    counts = [
        _count(filter_pages(pages, filters, today), "total"),
        _count(season, "in_season"),
        _count(stock, "in_stock"),
        _count(elsewhere, "any"),
        elsewhere.order_by()
        .values(of=Value("category"), code=F("berry__categories__code"))
        .annotate(number=Count("pk"))
        .values_list("of", "code", "number"),
    ]
    rows = {
        (of, code): number
        for of, code, number in reduce(lambda one, other: one.union(other, all=True), counts)
    }
    return Facets(
        total=rows.get(("total", ""), 0),
        in_season=rows.get(("in_season", ""), 0),
        in_stock=rows.get(("in_stock", ""), 0),
        any_category=rows.get(("any", ""), 0),
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
