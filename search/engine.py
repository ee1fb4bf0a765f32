"""Asking Wagtail's search backends for what a reading means, by Wagtail's own query objects.

Nothing a visitor typed is syntax to anybody: a query is put together of words of letters and digits alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from modelsearch.query import And, Or, PlainText, SearchQuery
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet
from wagtail.search.backends import get_search_backend

from search.answers import Hit
from search.backend import FRONT_DEPTH, SearchBackend
from search.cleaning import fold
from search.understanding import Reading, Term
from shop.catalog.pages import BerryPage
from shop.catalog.tags import sign_tag

MOST_HITS = 10_000  # which is as far as OpenSearch looks, too
MOST_COMPLETED = 100  # pages of one beginning that are compared


class Hits(NamedTuple):
    """Pages best first, at most MOST_HITS of them, and how many there are in all."""

    total: int
    best: list[Hit]


def find_pages(reading: Reading, language: str) -> tuple[Hits, Hits]:
    """The pages that the reading means: about berries; and articles, recipes, categories, plain words."""
    berries = And([Or(ask_berries(term)) for term in reading.terms])
    words = And([Or([PlainText(words) for words in term.words]) for term in reading.terms])
    return rank_pages(berries, language, berries=True), rank_pages(words, language, berries=False)


def ask_berries(term: Term) -> list[SearchQuery]:
    """What says that a berry is meant by the term."""
    tags = [PlainText(sign_tag(term.tag))] if term.tag else []
    words = [PlainText(words) for words in term.words]
    return tags + words if term.is_name or not tags else tags


def rank_pages(query: SearchQuery, language: str, *, berries: bool) -> Hits:
    """The pages that match, about berries or all others; from the index alone where the backend is ours."""
    backend = get_search_backend(choose_backend(language))
    if isinstance(backend, SearchBackend):
        ranked = backend.rank_pages(query, shelf=language, berries=berries, most=MOST_HITS)
        return Hits(ranked.total, list(map(Hit._make, ranked.rows)))
    found = backend.search(query, list_pages(language, berries=berries)).annotate_score("score")
    pages = list(found[:MOST_HITS])
    keys = dict(BerryPage.objects.filter(pk__in=[page.pk for page in pages]).values_list("pk", "berry"))
    return Hits(found.count(), [Hit(page.pk, keys.get(page.pk, 0), page.score or 0.0) for page in pages])


def list_pages(language: str, *, berries: bool) -> PageQuerySet:
    """The pages that visitors may find, in terms that any backend can filter by."""
    locale = Locale.objects.filter(language_code=language).first()
    pages = Page.objects.filter(live=True, depth__gt=FRONT_DEPTH, locale=locale)
    berry_type = ContentType.objects.get_for_model(BerryPage)
    return pages.filter(content_type=berry_type) if berries else pages.exclude(content_type=berry_type)


def complete_berries(beginning: str, words: Sequence[str], language: str) -> list[int]:
    """The ids of pages about berries whose title has words that begin so, nearest titles first.

    `words` are those that the last word may become; where there are any, only these are looked for. Of very
    many pages, some are compared.
    """
    *before, last = beginning.split()
    whole = [PlainText(word) for word in words] or [PlainText(last)]
    query = And([*map(PlainText, before), Or(whole)])
    return complete_pages(query, beginning, language, berries=True, unfinished=not words)


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
        rows = [(page.pk, page.title) for page in found[:MOST_COMPLETED]]
    titles = {page_id: fold(title) for page_id, title in rows}
    return sorted(titles, key=lambda pk: (not titles[pk].startswith(beginning), len(titles[pk]), pk))


def choose_backend(language: str) -> str:
    """The name of the language's backend."""
    return language if language in settings.WAGTAILSEARCH_BACKENDS else "default"
