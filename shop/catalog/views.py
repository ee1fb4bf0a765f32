"""The catalog's pages for shoppers."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.page_cache import offer_to_all
from shop.catalog import calendar
from shop.catalog.cards import build_cards
from shop.catalog.categories import list_categories
from shop.catalog.chips import list_chips, write_query
from shop.catalog.choices import SeasonState
from shop.catalog.display import list_breadcrumbs, load_berry
from shop.catalog.facets import get_facets
from shop.catalog.forms import FilterForm
from shop.catalog.listing import BerryPaginator, Filters, list_pages, load_pages
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage
from shop.catalog.previews import PreviewMode, get_preview_mode
from shop.catalog.renditions import load_pictures
from shop.catalog.seasons import name_months
from shop.catalog.structured import describe_list, describe_product


@require_safe
def show_catalog(request: HttpRequest, page: CatalogPage) -> HttpResponse:
    """All berries, filtered and sorted as the address says."""
    return show_list(request, page, page)


@require_safe
def show_category(request: HttpRequest, page: CategoryPage) -> HttpResponse:
    """The berries of one category; its filters lead to the catalog, with the category chosen."""
    return show_list(request, page, page.get_parent(), category=page.category_id)


def show_list(
    request: HttpRequest, page: CatalogPage | CategoryPage, catalog: CatalogPage, category: int | None = None
) -> HttpResponse:
    """A list of berries. 404 for a page of it that does not exist."""
    pages, url = BerryPage.objects.for_locale(page.locale_id), catalog.get_url(request) or ""
    categories = list_categories()
    code = next((c.code for c in categories if c.pk == category), "")
    chosen = request.GET.copy()
    if code:
        chosen["category"] = code
    form = FilterForm(chosen, categories=categories)
    form.is_valid()
    values = form.get_values()
    filters = Filters(**values)
    facets = get_facets(page.locale_id, filters)
    berries = get_list_page(BerryPaginator(list_pages(pages, filters), facets.total), request)
    cards = build_cards(load_pages(berries, filters.sort), request)
    picture = getattr(page, "picture", None)
    context = {
        "page": page,
        "crumbs": list_breadcrumbs(request, catalog if catalog.pk != page.pk else None, page),
        "form": form,
        "values": values,
        "facets": facets,
        "category_choices": [(c.code, c.name, facets.categories.get(c.code, 0)) for c in categories],
        "chips": list_chips(values, categories, url),
        "berries": berries,
        "cards": cards,
        "structured_data": describe_list(request, page, cards),
        "list_url": url,
        "share_picture": load_pictures([picture]).get(picture.pk) if picture else None,
        "is_filtered": bool(values) and values != {"category": code},
    }
    response = TemplateResponse(request, "shop/catalog/list.html", context)
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx's middleware
        response["HX-Push-Url"] = url + write_query(values)
    return response


def get_list_page(paginator: Paginator[Any], request: HttpRequest) -> Page[Any]:
    """The page of a list that the address asks for. 404 where there is no such page."""
    try:
        return paginator.page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error


@require_safe
def show_berry(request: HttpRequest, page: BerryPage) -> HttpResponse:
    """One berry: words, pictures, and price and stock of the moment. It stays when nothing is left."""
    mode = get_preview_mode(request)
    display = load_berry(request, page, request.GET.get("pack", "")).pretend(mode)
    season_state = page.berry.get_season_state(calendar.get_today())
    context = {
        "page": page,
        "berry": page.berry,
        "display": display,
        "offer": display.offer,
        "season": name_months(page.berry.season_months),
        "season_state": SeasonState.OUT_OF_SEASON if mode == PreviewMode.OUT_OF_SEASON else season_state,
        "crumbs": list_breadcrumbs(request, *display.ancestors, page),
        "structured_data": describe_product(request, page, display),
        "similar_url": display.similar.get_url(request),
        "share_url": request.build_absolute_uri(page.get_url(request)),
        "share_picture": request.build_absolute_uri(display.slides[0].picture.share_url)
        if display.slides
        else "",
    }
    return TemplateResponse(request, "shop/catalog/berry.html", context)


@require_safe
def show_season(request: HttpRequest) -> HttpResponse:
    """Twelve months × berries; `?month=7` shows those of one month."""
    language = (get_language() or "ru")[:2]
    month = calendar.read_month(request.GET.get("month", ""))
    berries = get_list_page(Paginator(calendar.list_pages(language, month), calendar.PAGE_SIZE), request)
    context = {
        "months": calendar.list_months(month),
        "month": month,
        "berries": berries,
        "rows": calendar.list_rows(berries.object_list, request),
    }
    return offer_to_all(TemplateResponse(request, "shop/catalog/season.html", context))
