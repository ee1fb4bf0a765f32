"""The way from an address to its page in two queries; Wagtail's own takes two a step."""

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve

from core.languages import get_active_language
from core.models import BasePage
from core.page_cache import offer_to_all


def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    """Answer the address with its page; whatever is not simply a live page of ours is left to Wagtail."""
    page = find_page(path)
    if page is not None:
        request._wagtail_route_for_request = RouteResult(page)  # type: ignore[attr-defined]  # noqa: SLF001 -- Wagtail's memo
    response: HttpResponse = serve(request, path)
    return offer_to_all(response, page_id=request._wagtail_route_for_request.page.pk)  # type: ignore[attr-defined]  # noqa: SLF001 -- its memo again: Wagtail has found a page, or raised


def find_page(path: str) -> BasePage | None:
    """The live page of an address below the front page of the active language."""
    slugs = [slug for slug in path.split("/") if slug]
    roots = Site.get_site_root_paths()  # from the cache
    if not slugs or len({root.site_id for root in roots}) != 1:
        return None
    root = next((root.root_path for root in roots if root.language_code == get_active_language()), None)
    if root is None:
        return None
    addresses = [f"{root}{'/'.join(slugs[:depth])}/" for depth in range(1, len(slugs) + 1)]
    # The slug has an index, the path of slugs has none. The page above comes along: breadcrumbs ask for it.
    pages = {page.url_path: page for page in Page.objects.filter(slug__in=slugs, url_path__in=addresses)}
    page = pages.get(addresses[-1])
    if page is None or not page.live:
        return None
    model = page.cached_content_type.model_class()
    if not issubclass(model, BasePage):
        return None
    found: BasePage = model.objects.select_related(*model.served_with).get(pk=page.pk)
    if len(slugs) > 1:
        found._cached_parent_obj = pages[addresses[-2]]  # noqa: SLF001 -- where treebeard keeps it
    return found
