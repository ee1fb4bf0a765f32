"""The order of found berries: best first, but whatever is sold out comes last."""

from collections.abc import Mapping, Sequence
from typing import overload

from django.utils import timezone

from core.prepared import is_any_of
from search.answers import Found
from shop.catalog.pages import BerryPage, BerryPageQuerySet

FIRST_LOOK = 240  # of so many the stock is asked first: mostly that fills the page of the list that is wanted


def find_pages(found: Found) -> BerryPageQuerySet:
    """The found berry pages, as far as they are live and sold at this moment."""
    if found.is_general:
        return list_sold(found.language, found.unwanted)
    return BerryPage.objects.for_language(found.language).filter(is_any_of("pk", found.berries))


def list_sold(language: str, unwanted: Sequence[str] = ()) -> BerryPageQuerySet:
    """All berries that are sold but those with an unwanted tag."""
    pages = BerryPage.objects.for_language(language)
    return pages.exclude(berry__tags__overlap=list(unwanted)) if unwanted else pages


class Ranking(Sequence[int]):
    """The ids of pages in the order given, what is sold out last; `count` is how many of them there are.

    A cut asks for the stock of the first few alone where these are enough: one query, at most two.
    """

    def __init__(self, pages: BerryPageQuerySet, order: Sequence[int], count: int) -> None:
        self.pages, self.order, self.count_known = pages, order, count

    def __len__(self) -> int:
        return self.count_known

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        """One id, or those of a cut."""
        if isinstance(place, int):
            return self[place : place + 1][0]
        in_stock, sold_out = self._ask_stock(self.order[:FIRST_LOOK])
        is_enough = len(self.order) <= FIRST_LOOK or len(in_stock) >= (place.stop or len(self))
        if not is_enough:
            in_stock, sold_out = self._ask_stock(self.order)
        return [*in_stock, *sold_out][place]

    def _ask_stock(self, ids: Sequence[int]) -> tuple[list[int], list[int]]:
        """Those of the ids that are in stock, and those that are sold out."""
        pages = self.pages.filter(is_any_of("pk", ids)).with_stock(timezone.localdate()).order_by()
        return part_by_stock(ids, dict(pages.values_list("pk", "is_in_stock")))


def part_by_stock(ids: Sequence[int], stock: Mapping[int, bool]) -> tuple[list[int], list[int]]:
    """Those of the ids that are in stock, and those that are sold out, in their order."""
    known = [pk for pk in ids if pk in stock]
    return [pk for pk in known if stock[pk]], [pk for pk in known if not stock[pk]]
