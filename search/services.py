"""The search as pages and the API ask for it: what a query found, and what its first letters may become."""

from collections.abc import Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, Site

from core.prepared import Prepared, is_any_of
from search.answers import Found, Suggestion, Suggestions
from search.beginnings import complete_words, may_be_in_titles, read_beginnings
from search.cleaning import MOST_MENDED, clean_query, split_words
from search.engine import MOST_FIRST, MOST_HITS, complete_berries, complete_others, find_pages
from search.mending import correct_spelling, find_similar_name
from search.ranking import part_by_stock
from search.slips import SHORTEST
from search.stems import stem, stem_all
from search.understanding import Reading, read_meant, understand
from search.vocabularies import get_vocabulary
from search.vocabulary import VARIETY
from shop.catalog.pages import BerryPage, CategoryPage

WORDS_SHOWN = 5
BERRIES_SUGGESTED = 5
BERRIES_COMPARED = 20  # the nearest, of which those in stock are suggested first
OTHERS_SUGGESTED = 3
OTHERS_COMPARED = 20
WORDS_FINISHED = 3  # what the unfinished word may become: of these titles are looked for
CHANCE_SCORE = 0.01  # a page that has the words in its text alone scores less
FIRST_SCORE = 1000.0  # of a promoted page; no other comes near


def ask_berries(language: str, ids: Sequence[int], today: date) -> QuerySet[BerryPage, Any]:
    """What suggestions need of those of the pages about berries that can be found."""
    pages = BerryPage.objects.for_language(language).filter(is_any_of("pk", ids)).with_stock(today).order_by()
    return pages.values_list("pk", "title", "url_path", "berry_id", "is_in_stock", named=True)


def ask_others(ids: Sequence[int]) -> QuerySet[Page, Any]:
    """What suggestions need of those of the other pages that are live."""
    pages = Page.objects.live().filter(is_any_of("pk", ids)).order_by()
    return pages.values_list("pk", "title", "url_path", "content_type_id", named=True)


_BERRIES = Prepared(ask_berries, "a language", [-1], date.min)
_OTHERS = Prepared(ask_others, [-1])


def find(*, query: str, language: str, exact: bool = False, most: int = MOST_HITS) -> Found:
    """What the query finds among the live pages of the language. Any text is a query; none is an error.

    Where nothing is found for the query as typed, what was probably meant is looked for, unless `exact`. At
    `most` so many pages of each kind, the best, are named; all of them are counted.
    """
    line = clean_query(query)
    best = Found(query=line, language=language)
    for reading in understand(line, language):
        found = look_for(reading, line, language, most) if reading.is_typed or not exact else best
        if is_enough(found):
            return found
        best = found if is_empty(best) else best
    if not is_empty(best) or not split_words(line):
        return best
    near, elsewhere = list_near_words(line, language), count_elsewhere(line, language)
    return Found(query=line, language=language, words=near, other_language=elsewhere)


def is_enough(found: Found) -> bool:
    """Whether the words were found where they matter: not by chance, deep in some text."""
    return found.score > CHANCE_SCORE


def is_empty(found: Found) -> bool:
    """Whether nothing was found at all."""
    return not found.total and not found.articles_total


def look_for(reading: Reading, query: str, language: str, most: int) -> Found:
    """What one reading of the query finds, promoted pages first."""
    led_berries, led_others = list_promoted(reading, language)
    is_general = reading.is_general and not led_berries  # then the list goes on without us
    berries, others = find_pages(reading, language, most=min(most, MOST_FIRST) if is_general else most)
    promoted = frozenset([*led_berries, *led_others])
    return Found(
        query=query,
        language=language,
        berries=put_first(led_berries, berries.page_ids),
        articles=put_first(led_others, others.page_ids),
        promoted=promoted,
        total=berries.total + count_new(led_berries, berries.page_ids),
        articles_total=others.total + count_new(led_others, others.page_ids),
        score=max(berries.score, others.score, FIRST_SCORE if promoted else 0.0),
        shown_for="" if reading.is_typed else reading.text,
        is_general=is_general,
        unwanted=reading.unwanted,
    )


def list_promoted(reading: Reading, language: str) -> tuple[list[int], list[int]]:
    """What editors promote for the words of the reading, in their order: pages about berries, and others."""
    asked = stem_all(split_words(" ".join(term.words[0] for term in reading.terms)))
    pages = get_vocabulary(language).promotions.get(asked, [])
    return [pk for pk, is_berry in pages if is_berry], [pk for pk, is_berry in pages if not is_berry]


def put_first(promoted: Sequence[int], page_ids: Sequence[int]) -> list[int]:
    """The promoted pages, then the others."""
    return [*promoted, *(pk for pk in page_ids if pk not in promoted)] if promoted else list(page_ids)


def count_new(promoted: Sequence[int], page_ids: Sequence[int]) -> int:
    """How many of the promoted pages are not among those that were found."""
    return len(set(promoted).difference(page_ids)) if promoted else 0


def list_near_words(query: str, language: str) -> list[str]:
    """Words the shop knows that are near to those of the query, for who found nothing."""
    vocabulary = get_vocabulary(language)
    near: list[str] = []
    for word in list(dict.fromkeys(split_words(query)))[:MOST_MENDED]:
        known = vocabulary.shown.get(stem(word))
        meant = known or correct_spelling(word, vocabulary)
        begun = [] if meant else vocabulary.complete_word(word[:SHORTEST], WORDS_SHOWN)
        near += [meant] if meant else [other for other in begun if vocabulary.weigh(other) >= VARIETY]
    return list(dict.fromkeys(near))[:WORDS_SHOWN]


def guess_meaning(query: str, language: str) -> str:
    """What the shop probably calls that which was searched in vain; "" where nothing is like it."""
    words = " ".join(split_words(query))
    near = (word for word in list_near_words(query, language) if word != words)
    return next(near, None) or find_similar_name(words, get_vocabulary(language)) or ""


def count_elsewhere(query: str, language: str) -> int:
    """How many pages the query, as typed, finds in the other languages."""
    return sum(
        hits.total
        for code, _name in settings.LANGUAGES
        if code != language
        for reading in islice(understand(query, code), 1)
        for hits in find_pages(reading, code, most=1)
    )


# --- While typing ---------------------------------------------------------------------


def suggest(*, prefix: str, language: str) -> Suggestions:
    """A few berries, categories, articles and words that begin as the prefix does. Empty for an empty one.

    The last word may be unfinished, in the wrong letters or on the wrong keyboard, any word misspelt; where
    nothing begins so, the best of what a search for it finds.
    """
    vocabulary = get_vocabulary(language)
    words: list[str] = []
    for beginning in chain(read_beginnings(prefix, vocabulary), read_meant(prefix, vocabulary)):
        *whole, last = beginning.split()
        finished = vocabulary.complete_word(last, WORDS_FINISHED)
        if not may_be_in_titles(whole if finished else [*whole, last], vocabulary):
            continue
        berries = complete_berries(beginning, finished, language)
        others = complete_others(beginning, language)
        words = words or complete_words(beginning, vocabulary)
        if berries or others:
            return describe_all(berries, others, words, language)
    if not split_words(prefix):
        return Suggestions()
    found = find(query=prefix, language=language, most=BERRIES_COMPARED)
    words = words or ([found.shown_for] if found.shown_for else found.words)
    return describe_all(found.berries, found.articles[:OTHERS_SUGGESTED], words, language)


def describe_all(
    berries: Sequence[int], others: Sequence[int], words: list[str], language: str
) -> Suggestions:
    """The pages with titles and addresses, in at most two queries: a few of each kind, the nearest."""
    roots = Site.get_site_root_paths()
    categories, articles = choose_others(others)
    return Suggestions(
        berries=[describe(row, roots, row.berry_id) for row in choose_berries(berries, language)],
        categories=[describe(row, roots) for row in categories],
        articles=[describe(row, roots) for row in articles],
        words=words,
    )


def choose_berries(page_ids: Sequence[int], language: str) -> list[Any]:
    """A few of the nearest, what is sold out only where nothing in stock is as near."""
    nearest = page_ids[:BERRIES_COMPARED]
    found = _BERRIES.fetch(language, nearest, timezone.localdate()) if nearest else []
    rows = {row.pk: row for row in found}
    in_stock, sold_out = part_by_stock(nearest, {row.pk: row.is_in_stock for row in found})
    return [rows[pk] for pk in [*in_stock, *sold_out][:BERRIES_SUGGESTED]]


def choose_others(page_ids: Sequence[int]) -> tuple[list[Any], list[Any]]:
    """A few categories and a few other pages, the nearest first."""
    nearest = page_ids[:OTHERS_COMPARED]
    rows = {row.pk: row for row in _OTHERS.fetch(nearest)} if nearest else {}
    shown = [rows[pk] for pk in nearest if pk in rows]
    category_type = ContentType.objects.get_for_model(CategoryPage).pk
    categories = [row for row in shown if row.content_type_id == category_type]
    articles = [row for row in shown if row.content_type_id != category_type]
    return categories[:OTHERS_SUGGESTED], articles[:OTHERS_SUGGESTED]


def describe(row: Any, roots: Sequence[Any], berry_id: int = 0) -> Suggestion:
    """The page as a suggestion; `roots` are where sites begin."""
    page = Page(pk=row.pk, url_path=row.url_path)
    page._wagtail_cached_site_root_paths = roots  # noqa: SLF001 -- else each page asks the cache by itself
    return Suggestion(row.pk, row.title, page.get_url() or "", berry_id)
