"""The order of found berries: best first, but whatever is sold out comes last."""

from collections.abc import Sequence
from typing import overload

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Value
from django.utils import timezone

from search.answers import Found
from shop.catalog.pages import BerryPage, BerryPageQuerySet

FIRST_LOOK = 240  # of so many the stock is asked first: mostly that fills the page of the list that is wanted


def find_pages(found: Found) -> BerryPageQuerySet:
    """The found berry pages, as far as they are live and sold at this moment."""
    return choose_pages(BerryPage.objects.for_language(found.language), found.page_ids)


class IsAnyOf(Func):
    """Whether a value is in an array, which is one parameter, however long it is."""

    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = BooleanField()


def choose_pages(pages: BerryPageQuerySet, ids: Sequence[int]) -> BerryPageQuerySet:
    """Those of the pages with these ids."""
    return pages.filter(IsAnyOf(F("pk"), Value(list(ids), ArrayField(BigIntegerField()))))


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
        pages = choose_pages(self.pages, ids).with_stock(timezone.localdate()).order_by()
        stock = dict(pages.values_list("pk", "is_in_stock"))
        known = [pk for pk in ids if pk in stock]
        return [pk for pk in known if stock[pk]], [pk for pk in known if not stock[pk]]
