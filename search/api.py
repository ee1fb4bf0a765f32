"""JSON API of the search."""

from decimal import Decimal
from typing import Annotated, Literal

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import Query, Router, Schema
from pydantic import Field

from core.api import ErrorOut
from search.answers import Found, Suggestion
from search.cleaning import LONGEST_QUERY, clean_query
from search.counting import count_search
from search.ranking import find_pages
from search.reading import Reading, load_readings
from search.results import arrange_berries, load_part
from search.services import find, suggest
from search.suggestions import load_berries
from shop.catalog.api import BerryOfCatalogOut, anybody, choose_language, describe_berries
from shop.catalog.cards import Card, count_seconds
from shop.catalog.listing import Filters
from shop.catalog.pages import BerryPage

READINGS_SHOWN = 10
RESULTS_AGE = "private, max-age=30"  # private: berries carry the marks of who asks
SUGGESTIONS_SECONDS = 60
router = Router()


class SearchIn(Schema):
    """What to look for; `exact` looks for what was typed and nothing like it. Pages have 24 berries."""

    q: Annotated[str, Field(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")] = ""
    lang: Literal["ru", "en"] | None = None
    exact: bool = False
    page: Annotated[int, Field(ge=1, le=10**6)] = 1


class SuggestIn(Schema):
    """The first letters of a query."""

    q: Annotated[str, Field(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")] = ""
    lang: Literal["ru", "en"] | None = None


class ReadingOut(Schema):
    """A found page that is no berry; `kind` is article, recipe, category or page."""

    id: int
    kind: str
    title: str
    description: str
    url: str
    image: str | None


class SearchOut(Schema):
    """What was found: `count` berries, sold-out ones last, and `articles_count` other pages.

    `shown_for` is the query that was looked for instead of `q`. Where nothing was found, `words` are the
    nearest ones the shop knows, and `other_language` counts what the other language has.
    """

    q: str
    shown_for: str
    count: int
    items: list[BerryOfCatalogOut]
    articles_count: int
    articles: list[ReadingOut]
    words: list[str]
    other_language: int


class SuggestedBerryOut(Schema):
    """A berry with the price and stock of the pack that one click would buy."""

    id: int
    title: str
    url: str
    image: str | None
    price: Decimal | None
    weight_g: int | None
    quantity: int


class SuggestedPageOut(Schema):
    """A page to go to."""

    title: str
    url: str


class SuggestOut(Schema):
    """Ways on from the first letters; `words` are queries worth asking."""

    berries: list[SuggestedBerryOut]
    categories: list[SuggestedPageOut]
    articles: list[SuggestedPageOut]
    words: list[str]


@router.get(
    "/search/",
    response={200: SearchOut, 404: ErrorOut, 422: ErrorOut},
    auth=anybody,
    url_name="search",
    summary="Search berries and articles",
)
def read_results(request: HttpRequest, response: HttpResponse, wanted: Query[SearchIn]) -> SearchOut:
    """What the words find in one language. 404 for a page that the results do not have."""
    response["Cache-Control"] = RESULTS_AGE
    language = choose_language(wanted.lang)
    query = clean_query(wanted.q)
    with override(language):
        found = find(query=query, language=language, exact=wanted.exact)
        berries = load_berries_of(found, wanted.page)
        readings = load_readings(found.articles[:READINGS_SHOWN], request) if wanted.page == 1 else []
        if query and wanted.page == 1:
            count_search(query=query, language=language, hits=found.total + found.articles_total)
        return SearchOut(
            q=found.query,
            shown_for=found.shown_for,
            count=found.total,
            items=describe_berries(request, berries),
            articles_count=found.articles_total,
            articles=[describe_reading(request, reading) for reading in readings],
            words=found.words,
            other_language=found.other_language,
        )


@router.get(
    "/search/suggest/",
    response={200: SuggestOut, 422: ErrorOut},
    url_name="search_suggest",
    summary="Suggestions while typing",
)
def read_suggestions(request: HttpRequest, response: HttpResponse, wanted: Query[SuggestIn]) -> SuggestOut:
    """A few berries, categories, articles and words that begin as `q` does."""
    language = choose_language(wanted.lang)
    with override(language):
        suggestions = suggest(prefix=clean_query(wanted.q), language=language)
        cards = load_berries(suggestions.berries, request)
        response["Cache-Control"] = f"public, max-age={count_seconds(cards, most=SUGGESTIONS_SECONDS)}"
        return SuggestOut(
            berries=[describe_card(request, card) for card in cards],
            categories=[describe_suggestion(request, category) for category in suggestions.categories],
            articles=[describe_suggestion(request, article) for article in suggestions.articles],
            words=suggestions.words,
        )


def load_berries_of(found: Found, number: int) -> list[BerryPage]:
    """The berry pages on one page of what was found, sold-out ones last. Raises Http404 for no such page."""
    filters, count = Filters(), found.total if found.is_general else len(found.berries)
    try:
        return load_part(arrange_berries(found, find_pages(found), filters, count).page(number), filters)
    except InvalidPage as error:
        raise Http404 from error


def describe_reading(request: HttpRequest, reading: Reading) -> ReadingOut:
    """One found page as the API shows it."""
    return ReadingOut(
        id=reading.page_id,
        kind=reading.kind,
        title=reading.title,
        description=reading.lead,
        url=request.build_absolute_uri(reading.url),
        image=request.build_absolute_uri(reading.picture.url) if reading.picture else None,
    )


def describe_card(request: HttpRequest, card: Card) -> SuggestedBerryOut:
    """One suggested berry as the API shows it."""
    return SuggestedBerryOut(
        id=card.berry_id,
        title=card.title,
        url=request.build_absolute_uri(card.url),
        image=request.build_absolute_uri(card.picture.url) if card.picture else None,
        price=card.price,
        weight_g=card.weight_g or None,
        quantity=card.left,
    )


def describe_suggestion(request: HttpRequest, suggestion: Suggestion) -> SuggestedPageOut:
    """One suggested page as the API shows it."""
    return SuggestedPageOut(title=suggestion.title, url=request.build_absolute_uri(suggestion.url))
