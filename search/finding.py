"""Finding pages by their words: PostgreSQL's full-text search, in Russian and English word forms."""

from wagtail.models import Page
from wagtail.query import PageQuerySet

from shop.catalog.pages import BerryPage

FRONT_DEPTH = 2
LONGEST_QUERY = 200  # letters; what is longer is no search a person made


def clean_query(text: str) -> str:
    """The words to look for, without the signs no database can hold."""
    return " ".join(text.replace("\0", " ")[:LONGEST_QUERY].split())


def find_pages(query: str, pages: PageQuerySet) -> PageQuerySet:
    """Those of the pages that hold every word of the query, best first."""
    found: PageQuerySet = pages.search(query, operator="and").get_queryset()
    return found


def find_berries(query: str, language: str) -> PageQuerySet:
    """Live pages of the language about berries that are sold; none for an empty query."""
    if not query:
        return BerryPage.objects.none()
    found = find_pages(query, BerryPage.objects.live())
    return found.filter(locale__language_code=language, berry__is_active=True).select_related(
        "berry", "picture"
    )


def find_words(query: str, language: str) -> PageQuerySet:
    """Live pages of the language about something else than a berry: articles, categories, plain words."""
    if not query:
        return Page.objects.none()
    found = find_pages(query, Page.objects.live())
    return found.filter(locale__language_code=language, depth__gt=FRONT_DEPTH).not_type(BerryPage)
