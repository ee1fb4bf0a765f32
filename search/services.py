"""The search as pages and the API ask for it: what a query found, and what its first letters may become."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from django.utils import timezone
from wagtail.models import Page, Site

from core.prepared import Prepared, is_any_of
from search.answers import Found, Hit, Suggestion, Suggestions
from search.beginnings import complete_words, read_beginnings
from search.cleaning import MOST_MENDED, clean_query, split_words
from search.engine import MOST_FIRST, MOST_HITS, complete_berries, complete_others, find_pages
from search.mending import correct_spelling, find_similar_name
from search.ranking import part_by_stock
from search.stems import stem, stem_all
from search.understanding import Reading, read_meant, understand
from search.vocabularies import get_vocabulary
from search.vocabulary import SHORTEST, VARIETY
from shop.catalog.pages import BerryPage, CategoryPage

WORDS_SHOWN = 5
BERRIES_SUGGESTED = 5
BERRIES_COMPARED = 20  # the nearest, of which those in stock are suggested first
OTHERS_SUGGESTED = 3
OTHERS_COMPARED = 20
WORDS_FINISHED = 3  # what the unfinished word may become: of these titles are looked for
CHANCE_SCORE = 0.01  # a page that has the words in its text alone scores less
FIRST_SCORE = 1000.0  # of a promoted page; no other comes near


def ask_stock(language: str, ids: Sequence[int], today: date) -> QuerySet[BerryPage, Any]:
    """Which of the berry pages have something in stock: (page, whether)."""
    pages = BerryPage.objects.for_language(language).filter(is_any_of("pk", ids))
    return pages.with_stock(today).order_by().values_list("pk", "is_in_stock")


def ask_pages(ids: Sequence[int]) -> QuerySet[Page]:
    """The live pages with these ids, each with its `berry_key`, None for what is about none."""
    return Page.objects.live().filter(is_any_of("pk", ids)).annotate(berry_key=F("berrypage__berry"))


_STOCK = Prepared(ask_stock, "a language", [-1], date.min)
_PAGES = Prepared(ask_pages, [-1])


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
    return any(hits and hits[0].score > CHANCE_SCORE for hits in (found.berries, found.articles))


def is_empty(found: Found) -> bool:
    """Whether nothing was found at all."""
    return not found.total and not found.articles_total


def look_for(reading: Reading, query: str, language: str, most: int) -> Found:
    """What one reading of the query finds, promoted pages first."""
    promoted = list_promoted(reading, language)
    is_led = any(hit.berry_id for hit in promoted)
    is_general = reading.is_general and not is_led  # then the list goes on without us
    berries, others = find_pages(reading, language, most=min(most, MOST_FIRST) if is_general else most)
    known = {hit.page_id for hit in chain(berries.best, others.best)} if promoted else set()
    new = [hit for hit in promoted if hit.page_id not in known]
    return Found(
        query=query,
        language=language,
        berries=put_first((hit for hit in promoted if hit.berry_id), berries.best),
        articles=put_first((hit for hit in promoted if not hit.berry_id), others.best),
        promoted=frozenset(hit.page_id for hit in promoted),
        total=berries.total + sum(bool(hit.berry_id) for hit in new),
        articles_total=others.total + sum(not hit.berry_id for hit in new),
        shown_for="" if reading.is_typed else reading.text,
        is_general=is_general,
        unwanted=reading.unwanted,
    )


def list_promoted(reading: Reading, language: str) -> list[Hit]:
    """The pages that editors promote for the words of the reading, in their order."""
    asked = stem_all(split_words(" ".join(term.words[0] for term in reading.terms)))
    pages = get_vocabulary(language).promotions.get(asked, [])
    return [Hit(page_id, berry_id, FIRST_SCORE - place) for place, (page_id, berry_id) in enumerate(pages)]


def put_first(promoted: Iterable[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """The promoted ones, then the others."""
    first = list(promoted)
    taken = {hit.page_id for hit in first}
    return [*first, *(hit for hit in hits if hit.page_id not in taken)] if first else list(hits)


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
        finished = vocabulary.complete_word(beginning.split()[-1], WORDS_FINISHED)
        berries = complete_berries(beginning, finished, language)
        others = complete_others(beginning, language)
        words = words or complete_words(beginning, vocabulary)
        if berries or others:
            return load_suggestions(choose_berries(berries, language), others, words)
    if not split_words(prefix):
        return Suggestions()
    found = find(query=prefix, language=language, most=BERRIES_COMPARED)
    return load_suggestions(
        choose_berries(found.page_ids, language),
        [hit.page_id for hit in found.articles[:OTHERS_SUGGESTED]],
        words or ([found.shown_for] if found.shown_for else found.words),
    )


def choose_berries(page_ids: Sequence[int], language: str) -> list[int]:
    """A few of the nearest, what is sold out only where nothing in stock is as near."""
    nearest = page_ids[:BERRIES_COMPARED]
    if len(nearest) <= BERRIES_SUGGESTED:
        return list(nearest)
    stock = dict(_STOCK.fetch(language, nearest, timezone.localdate()))
    in_stock, sold_out = part_by_stock(nearest, stock)
    return [*in_stock, *sold_out][:BERRIES_SUGGESTED]


def load_suggestions(berries: Sequence[int], others: Sequence[int], words: list[str]) -> Suggestions:
    """The pages with titles and addresses, in one query."""
    by_id = {page.pk: page for page in _PAGES.fetch([*berries, *others[:OTHERS_COMPARED]])}
    roots = Site.get_site_root_paths()
    for page in by_id.values():
        page._wagtail_cached_site_root_paths = roots  # noqa: SLF001 -- else each page asks the cache by itself
    category_type = ContentType.objects.get_for_model(CategoryPage).pk
    shown = [by_id[pk] for pk in others if pk in by_id]
    categories = [page for page in shown if page.content_type_id == category_type]
    articles = [page for page in shown if page.content_type_id != category_type]
    return Suggestions(
        berries=[describe(by_id[pk]) for pk in berries if pk in by_id],
        categories=list(map(describe, categories[:OTHERS_SUGGESTED])),
        articles=list(map(describe, articles[:OTHERS_SUGGESTED])),
        words=words,
    )


def describe(page: Page) -> Suggestion:
    """The page as a suggestion."""
    return Suggestion(page.pk, page.title, page.get_url() or "", page.berry_key or 0)
