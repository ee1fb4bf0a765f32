"""The menus: pages right below the front page, in the editors' order."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from wagtail.models import Page

from core.languages import get_active_language
from home.pages.models import StandardPage

MENU_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a menu; active where the visitor is on the page or below it."""

    title: str
    url: str
    active: bool


@dataclass(slots=True)
class Menu:
    """The header has the pages that editors ticked; the footer all pages of plain words."""

    header: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)


def build_menu(request: HttpRequest) -> Menu:
    """Both menus in the active language: one query, however many pages there are."""
    language = get_active_language()
    pages = Page.objects.live().filter(depth=MENU_DEPTH, locale__language_code=language).order_by("path")
    menu = Menu()
    for page in pages:
        url = page.get_url(request)
        if url is None:  # below the root of no site
            continue
        link = Link(page.title, url, active=request.path.startswith(url))
        if page.show_in_menus:
            menu.header.append(link)
        if issubclass(page.cached_content_type.model_class(), StandardPage):
            menu.footer.append(link)
    return menu


def get_menu(request: HttpRequest) -> Menu:
    """The menus of this request, built once."""
    menu: Menu | None = getattr(request, "menu", None)
    if menu is None:
        menu = build_menu(request)
        request.menu = menu  # type: ignore[attr-defined]  # kept for the request's other templates
    return menu
