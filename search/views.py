"""The search page: berries first, then whatever else has the words; and what helps while typing."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language_info, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.addresses import split_address
from core.languages import get_active_language
from search.answers import Found
from search.cleaning import clean_query
from search.counting import count_choice, count_opening, count_search
from search.reading import arrange_shelves, load_readings
from search.results import list_berries, list_in_season
from search.services import find, suggest
from search.suggestions import build_groups
from shop.catalog.cards import count_seconds
from shop.catalog.chips import write_query

READINGS_SHOWN = 12
READING = "read"  # asks for all that was found to read, without berries
SUGGESTIONS_SECONDS = 60


@require_safe
def show_results(request: HttpRequest) -> HttpResponse:
    """What was found for `q`. Any query and any page number gets a page: the nearest there is."""
    language = get_active_language()
    query = clean_query(request.GET.get("q", ""))
    is_exact = "exact" in request.GET
    found = find(query=query, language=language, exact=is_exact)
    context = {"query": query, "found": found, **describe_results(found, request, is_exact=is_exact)}
    if is_exact:
        context["usual_url"] = reverse("search:results") + write_query({"q": query})
    if query and set(request.GET) <= {"q", "exact"}:
        count_search(query=query, language=language, hits=found.total + found.articles_total)
    response = TemplateResponse(request, "search/results.html", context)
    if request.htmx and "list_url" in context:  # type: ignore[attr-defined]  # set by django-htmx's middleware
        response["HX-Push-Url"] = context["list_url"] + write_query({**context["kept"], **context["values"]})
    return response


def describe_results(found: Found, request: HttpRequest, *, is_exact: bool) -> dict[str, Any]:
    """What the page shows: lists of what was found, or ways on where that is nothing."""
    if not found.berries and not found.articles:
        return {
            "cards": [],
            "season_cards": list_in_season(found.language, request),
            "other_language": link_other_language(found),
        }
    url = reverse("search:results")
    kept = {"q": found.query} | ({"exact": "on"} if is_exact else {})
    if found.articles and READING in request.GET:
        return {"cards": [], **describe_all_readings(found, request), "reset_url": url + write_query(kept)}
    return {
        "kept": kept,
        "list_url": url,
        "reset_url": url + write_query(kept),
        "exact_url": url + write_query({**kept, "exact": "on"}),
        "cards": [],
        **describe_berries(found, request, url=url, kept=kept),
        **describe_readings(found, request),
        "readings_url": url + write_query({**kept, READING: "all"}),
    }


def describe_berries(found: Found, request: HttpRequest, *, url: str, kept: dict[str, str]) -> dict[str, Any]:
    """The berries, in the words of the catalog's templates; nothing where there are none."""
    if not found.berries:
        return {"values": {}}
    berries = list_berries(found, request, url=url, kept=kept)
    return {
        "form": berries.form,
        "values": berries.values,
        "facets": berries.facets,
        "category_choices": berries.category_choices,
        "chips": berries.chips,
        "page_obj": berries.part,
        "cards": berries.cards,
    }


def describe_readings(found: Found, request: HttpRequest) -> dict[str, Any]:
    """What else was found, below the first page of berries."""
    if not found.articles or request.GET.get("page", "1") != "1":
        return {}
    return {
        "shelves": arrange_shelves(load_readings(found.articles[:READINGS_SHOWN], request)),
        "has_more_readings": len(found.articles) > READINGS_SHOWN,
    }


def describe_all_readings(found: Found, request: HttpRequest) -> dict[str, Any]:
    """What was found besides berries alone, page by page; a page number that is none shows the nearest."""
    part = Paginator(found.articles, READINGS_SHOWN).get_page(request.GET.get("page"))
    return {"readings": part, "shelves": arrange_shelves(load_readings(list(part), request))}


def link_other_language(found: Found) -> dict[str, Any] | None:
    """The same search in the other language, where it finds something."""
    if not found.other_language:
        return None
    code = next(code for code, _name in settings.LANGUAGES if code != found.language)
    with override(code):
        url = reverse("search:results")
    name = get_language_info(code)["name_local"]
    return {
        "url": f"{url}?{urlencode({'q': found.query})}",
        "count": found.other_language,
        "code": code,
        "name": name,
    }


@require_safe
def show_suggestions(request: HttpRequest) -> HttpResponse:
    """The list under the search field, for its first letters; empty where there is nothing to suggest."""
    prefix = clean_query(request.GET.get("q", ""))
    suggestions = suggest(prefix=prefix, language=get_active_language())
    context = {"query": prefix, **build_groups(suggestions, request)}
    response = TemplateResponse(request, "search/suggestions.html", context)
    patch_cache_control(
        response, public=True, max_age=count_seconds(context["cards"], most=SUGGESTIONS_SECONDS)
    )
    return response


@csrf_exempt  # it changes a count and nothing of anybody's; other sites are refused below
@require_POST
def count_opened(request: HttpRequest) -> HttpResponse:
    """Count that a page was opened from the results of a query, or `suggested`. It keeps nobody's name."""
    if not is_same_origin(request):
        raise PermissionDenied
    page = request.POST.get("page", "")
    if not (page.isascii() and page.isdigit()):
        return HttpResponseBadRequest()
    query = clean_query(request.POST.get("q", ""))
    count = count_choice if "suggested" in request.POST else count_opening
    count(query=query, language=get_active_language(), page_id=int(page[:20]))
    return HttpResponse(status=204)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a page of this site sent the request, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return split_address(request.headers.get("Origin", "")).netloc == request.get_host()
