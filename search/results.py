"""The results of a search as its page shows them: berries filtered and sorted as in the catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone

from core.prepared import Prepared, is_any_of
from search.answers import Found
from search.engine import name_sold
from search.forms import SearchFilterForm
from search.ranking import Ranking, find_pages
from shop.catalog.cards import Card, build_cards
from shop.catalog.categories import list_categories
from shop.catalog.chips import Chip, list_chips
from shop.catalog.facets import Facets, keep_facets
from shop.catalog.listing import (
    PAGE_SIZE,
    BerryPaginator,
    Filters,
    filter_pages,
    list_pages,
    load_pages,
)
from shop.catalog.pages import BerryPage, BerryPageQuerySet

IN_SEASON_SHOWN = 4


@dataclass(frozen=True, slots=True)
class BerryResults:
    """One page of the berries that were found, and what may be chosen of them."""

    form: SearchFilterForm
    values: Mapping[str, Any]
    facets: Facets
    category_choices: Sequence[tuple[str, str, int]]
    chips: Sequence[Chip]
    part: Page[Any]
    cards: Sequence[Card]


def list_berries(found: Found, request: HttpRequest, *, url: str, kept: Mapping[str, str]) -> BerryResults:
    """The berries that were found and fit the choices in the address; the nearest page of them there is.

    `kept` is what links to other choices keep of the address besides them.
    """
    categories = list_categories()
    form = SearchFilterForm(request.GET, categories=categories)
    form.is_valid()
    values = form.get_values()
    pages = find_pages(found)
    filters = Filters(**values)
    facets = keep_facets(pages, filters, of=name_list(found))
    paginator = arrange_berries(found, pages, filters, facets.total, is_sorted="sort" in values)
    part = paginator.get_page(request.GET.get("page"))
    return BerryResults(
        form=form,
        values=values,
        facets=facets,
        category_choices=[(c.code, c.name, facets.categories.get(c.code, 0)) for c in categories],
        chips=list_chips({**kept, **values}, categories, url),
        part=part,
        cards=build_cards(load_part(part, filters), request),
    )


def name_list(found: Found) -> object:
    """What tells the numbers beside the list from those of others."""
    if found.is_general:
        return name_sold(found.language, found.unwanted)
    return (found.language, tuple(found.berries))


def arrange_berries(
    found: Found, pages: BerryPageQuerySet, filters: Filters, count: int, *, is_sorted: bool = False
) -> Paginator[Any]:
    """Pages of the list, which is so long: the best found first, or as the catalog sorts it.

    So it is where a shopper wants that (`is_sorted`) or asked for any berry.
    """
    if is_sorted or found.is_general:
        return BerryPaginator(list_pages(pages, filters), count)
    ranking = Ranking(filter_pages(pages, filters, timezone.localdate()), found.berries, count)
    return Paginator(ranking, PAGE_SIZE)


def load_part(part: Page[Any], filters: Filters) -> list[BerryPage]:
    """The berry pages on one page of the list, in one query."""
    if isinstance(part.paginator, BerryPaginator):
        return load_pages(part, filters.sort)
    return load_in_order(list(part.object_list))


def ask_for_cards(ids: Sequence[int]) -> BerryPageQuerySet:
    """The pages with these ids, with what cards need."""
    return BerryPage.objects.filter(is_any_of("pk", ids)).order_by().for_cards()


_FOR_CARDS: Prepared[BerryPage] = Prepared(ask_for_cards, [-1])


def load_in_order(ids: Sequence[int]) -> list[BerryPage]:
    """The pages with these ids, in their order, with what cards need."""
    by_id = {page.pk: page for page in _FOR_CARDS.fetch(ids)} if ids else {}
    return [by_id[pk] for pk in ids if pk in by_id]


def list_in_season(language: str, request: HttpRequest) -> list[Card]:
    """A few berries that ripen now and can be bought, for those who found nothing."""
    pages = list_pages(BerryPage.objects.for_language(language), Filters(in_season=True, in_stock=True))
    return build_cards(list(pages.for_cards()[:IN_SEASON_SHOWN]), request)
