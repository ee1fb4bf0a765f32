"""The search page: berries first, then whatever else has the words."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from core.languages import get_active_language
from search.finding import clean_query, find_berries, find_words
from shop.catalog.cards import build_cards

BERRIES_A_PAGE = 24
WORDS_A_PAGE = 10


@require_safe
def show_results(request: HttpRequest) -> HttpResponse:
    """What was found for `q`. Any query and any page number gets a page: the nearest there is."""
    language = get_active_language()
    query = clean_query(request.GET.get("q", ""))
    page_obj = Paginator(find_berries(query, language), BERRIES_A_PAGE).get_page(request.GET.get("page"))
    words = list(find_words(query, language)[:WORDS_A_PAGE]) if page_obj.number == 1 else []
    context = {
        "query": query,
        "page_obj": page_obj,
        "count": page_obj.paginator.count,
        "cards": build_cards(list(page_obj), request),
        "words": [describe_page(page, request) for page in words],
    }
    return TemplateResponse(request, "search/results.html", context)


def describe_page(page: Page, request: HttpRequest) -> dict[str, str]:
    """A found page as a line of the list."""
    return {"title": page.title, "url": page.get_url(request) or "", "text": page.search_description}
