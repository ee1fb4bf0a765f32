"""The list of berries: what is in it and in which order.

A list is cut from shelves that stand one behind the other: what is in stock, then what is sold out. Each has
an order that an index knows, so the first pages of a list of 100,000 berries cost what those of 1,000 do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy
from django.utils import timezone

from shop.catalog.choices import Sort
from shop.catalog.pages import BerryPage, BerryPageQuerySet

PAGE_SIZE = 24
PRICE_ORDERS = {
    Sort.PRICE: "shelf_price",
    Sort.PRICE_DOWN: "-shelf_price",
    Sort.PRICE_PER_KG: "shelf_price_per_kg",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a shopper wants to see."""

    category: str = ""
    in_season: bool = False
    in_stock: bool = False
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    sort: Sort = Sort.POPULAR


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
    if filters.price_min is not None or filters.price_max is not None:
        pages = pages.priced(filters.price_min, filters.price_max)
    return pages


def sort_pages(pages: BerryPageQuerySet, sort: Sort, today: date) -> BerryPageQuerySet:
    """The pages in an order of which every page of the list is a stable cut; sold-out berries are last."""
    if sort in PRICE_ORDERS:
        pages = pages.with_price()
    return pages.with_stock(today).order_by("-is_in_stock", *list_orders(sort))


def list_orders(sort: Sort) -> Sequence[str | OrderBy]:
    """The columns of an order, without the stock."""
    orders: dict[Sort, Sequence[str | OrderBy]] = {
        Sort.POPULAR: ["-berry__popularity", "-berry__created_at"],
        Sort.NEW: ["-berry__created_at"],
        Sort.PRICE: [F("price").asc(nulls_last=True)],
        Sort.PRICE_DOWN: [F("price").desc(nulls_last=True)],
        Sort.PRICE_PER_KG: [F("price_per_kg").asc(nulls_last=True)],
        Sort.NAME: ["title"],
    }
    return [*orders[sort], "pk"]


def list_pages(pages: BerryPageQuerySet, filters: Filters) -> BerryPageQuerySet:
    """Those of the pages that fit, in order: to be cut into pages of a list."""
    today = timezone.localdate()
    return sort_pages(filter_pages(pages, filters, today), filters.sort, today)


def load_pages(part: Page[BerryPage], sort: Sort) -> list[BerryPage]:
    """The berry pages on one page of a list from `list_pages`, with what cards need.

    One query a shelf that the page of the list has a part of: mostly one.
    """
    offset = max(part.start_index() - 1, 0)
    wanted = part.end_index() - offset
    found: list[BerryPage] = []
    for shelf in list_shelves(cast("BerryPageQuerySet", part.paginator.object_list), sort):
        if len(found) == wanted:
            break
        taken = load_shelf(shelf, sort, offset, wanted - len(found))
        found += taken
        # What is passed over is counted only where a shelf is passed as a whole.
        offset = 0 if taken or not offset else max(offset - shelf.count(), 0)
    return found


def list_shelves(pages: BerryPageQuerySet, sort: Sort) -> list[BerryPageQuerySet]:
    """The parts of a list, first to last, each in an order that an index knows."""
    today = timezone.localdate()
    halves = [pages.in_stock(today), pages.sold_out(today)]
    if sort not in PRICE_ORDERS:
        return [half.order_by(*list_orders(sort)) for half in halves]
    parts = [
        (half.priced().order_by(PRICE_ORDERS[sort], "pk"), half.unpriced().order_by("pk")) for half in halves
    ]
    return [shelf for priced, unpriced in parts for shelf in (priced, unpriced)]


def load_shelf(shelf: BerryPageQuerySet, sort: Sort, offset: int, length: int) -> list[BerryPage]:
    """A cut of a shelf in one query: sorted by what its order needs, the rest read for what is shown."""
    pages = BerryPage.objects.filter(pk__in=shelf.values("pk")[offset : offset + length])
    if sort in PRICE_ORDERS:
        pages = pages.with_price()
    return list(pages.order_by(*list_orders(sort)).for_cards())
