"""Asking Wagtail's search backends for what a reading means, by Wagtail's own query objects.

Nothing a visitor typed is syntax to anybody: a query is put together of words of letters and digits alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from modelsearch.query import And, Not, Or, PlainText, SearchQuery
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet
from wagtail.search.backends import get_search_backend

from search.backend import FRONT_DEPTH, Ranked, SearchBackend
from search.cleaning import fold
from search.ranking import list_sold
from search.slips import SHORTEST
from search.understanding import Reading, Term
from shop.catalog.choices import Sort
from shop.catalog.facets import keep_facets
from shop.catalog.listing import Filters, list_orders
from shop.catalog.pages import BerryPage
from shop.catalog.tags import sign_tag

MOST_HITS = 10_000
# Of another backend, which answers with whole pages, a hundred at once: more would be read with a scroll.
MOST_ELSEWHERE, AT_ONCE = 300, 100
MOST_FIRST = 240  # of all berries, where any are wanted: their list is the catalog's
MOST_COMPLETED = 100  # pages of one beginning that are compared


def find_pages(reading: Reading, language: str, *, most: int = MOST_HITS) -> tuple[Ranked, Ranked]:
    """The pages that the reading means: about berries; and articles, recipes, categories, plain words.

    Where all berries that are wanted have an unwanted tag, rather these than none. At `most` so many of each
    are named, the best; all are counted.
    """
    words = And([Or([PlainText(words) for words in term.words]) for term in reading.terms])
    others = rank_pages(words, language, berries=False, most=most) if reading.terms else Ranked()
    if reading.is_general:
        return list_first(language, reading.unwanted, most), others
    wanted: list[SearchQuery] = [Or(ask_berries(term)) for term in reading.terms]
    unwanted = [Not(PlainText(sign_tag(tag))) for tag in reading.unwanted]
    berries = rank_pages(And(wanted + unwanted), language, berries=True, most=most)
    if unwanted and not berries.total:
        berries = rank_pages(And(wanted), language, berries=True, most=most)
    return berries, others


def ask_berries(term: Term) -> list[SearchQuery]:
    """What says that a berry is meant by the term."""
    tags = [PlainText(sign_tag(term.tag))] if term.tag else []
    words = [PlainText(words) for words in term.words]
    return tags + words if term.is_name or not tags else tags


def list_first(language: str, unwanted: Sequence[str], most: int) -> Ranked:
    """The first of all berries that are sold but those with an unwanted tag, as the catalog lists them."""
    pages = list_sold(language, unwanted)
    first = list(pages.order_by(*list_orders(Sort.POPULAR)).values_list("pk", flat=True)[:most])
    total = len(first) if len(first) < most else count_sold(language, unwanted)
    return Ranked(total, 1.0 if first else 0.0, first)


def count_sold(language: str, unwanted: Sequence[str]) -> int:
    """How many berries are sold but those with an unwanted tag; of very many, as of a minute ago."""
    return keep_facets(list_sold(language, unwanted), Filters(), of=name_sold(language, unwanted)).total


def name_sold(language: str, unwanted: Sequence[str]) -> object:
    """What tells the numbers beside such a list from those of others."""
    return ("sold", language, tuple(unwanted))


def rank_pages(query: SearchQuery, language: str, *, berries: bool, most: int) -> Ranked:
    """The pages that match, about berries or all others; from the index alone where the backend is ours."""
    backend = get_search_backend(choose_backend(language))
    if isinstance(backend, SearchBackend):
        return backend.rank_pages(query, shelf=language, berries=berries, most=most)
    found = backend.search(query, list_pages(language, berries=berries)).annotate_score("score")
    pages = list(read_on(found))
    sold = find_sold(pages) if berries else {page.pk for page in pages}
    known = [page for page in pages if page.pk in sold]
    total = len(known) if len(pages) < MOST_ELSEWHERE else found.count()
    return Ranked(total, (known[0].score or 0.0) if known else 0.0, [page.pk for page in known])


def read_on(found: Any) -> Iterator[Any]:
    """The best pages of another backend's answer."""
    for start in range(0, MOST_ELSEWHERE, AT_ONCE):
        part = list(found[start : start + AT_ONCE])
        yield from part
        if len(part) < AT_ONCE:
            return


def find_sold(pages: Sequence[Page]) -> set[int]:
    """The ids of those of the pages whose berries are sold, which another backend's index can't know."""
    sold = BerryPage.objects.filter(pk__in=[page.pk for page in pages], berry__is_active=True)
    return set(sold.values_list("pk", flat=True))


def list_pages(language: str, *, berries: bool) -> PageQuerySet:
    """The pages that visitors may find, in terms that any backend can filter by."""
    locale = Locale.objects.filter(language_code=language).first()
    pages = Page.objects.filter(live=True, depth__gt=FRONT_DEPTH, locale=locale)
    berry_type = ContentType.objects.get_for_model(BerryPage)
    return pages.filter(content_type=berry_type) if berries else pages.exclude(content_type=berry_type)


def complete_berries(beginning: str, words: Sequence[str], language: str) -> list[int]:
    """The ids of pages about berries whose title has words that begin so, nearest titles first.

    `words` are those that the last word most likely becomes. Where it is alone or very short, these are
    looked for instead: to read all that begins so takes long. Of very many pages, some are compared.
    """
    *before, last = beginning.split()
    found: list[int] = []
    if words and (not before or len(last) < SHORTEST):
        finished = And([*map(PlainText, before), Or([PlainText(word) for word in words])])
        found = complete_pages(finished, beginning, language, berries=True, unfinished=False)
    if found or (words and not before):
        return found
    return complete_pages(PlainText(beginning), beginning, language, berries=True, unfinished=True)


def complete_others(beginning: str, language: str) -> list[int]:
    """The ids of all other pages whose title has words that begin so, nearest titles first."""
    return complete_pages(PlainText(beginning), beginning, language, berries=False, unfinished=True)


def complete_pages(
    query: SearchQuery, beginning: str, language: str, *, berries: bool, unfinished: bool
) -> list[int]:
    """The ids of pages whose title has the words of the query, nearest to the beginning first."""
    backend = get_search_backend(choose_backend(language))
    if isinstance(backend, SearchBackend):
        rows = backend.complete_pages(
            query, shelf=language, berries=berries, most=MOST_COMPLETED, unfinished=unfinished
        )
    else:
        found = backend.autocomplete(PlainText(beginning), list_pages(language, berries=berries))
        pages = list(found[:MOST_COMPLETED])
        sold = find_sold(pages) if berries else {page.pk for page in pages}
        rows = [(page.pk, page.title) for page in pages if page.pk in sold]
    titles = {page_id: fold(title) for page_id, title in rows}
    return sorted(titles, key=lambda pk: (not titles[pk].startswith(beginning), len(titles[pk]), pk))


def choose_backend(language: str) -> str:
    """The name of the language's backend."""
    return language if language in settings.WAGTAILSEARCH_BACKENDS else "default"
