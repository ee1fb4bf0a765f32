"""The menus: what the settings name, or else pages right below the front page, in the editors' order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page, Site

from core.kept import keep
from core.languages import get_active_language
from core.models import SellerSettings
from home.pages.models import StandardPage

MENU_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a menu; active where the visitor is on the page or below it."""

    title: str
    url: str
    active: bool = False


@dataclass(slots=True)
class Menu:
    """The header has the pages that editors ticked; the footer all standard pages."""

    header: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)


def build_menu(request: HttpRequest) -> Menu:
    """Both menus in the active language, the visitor's place in them marked; no query while they are kept."""
    site = Site.find_for_request(request)
    name = name_menu(site.pk if site else 0, get_active_language())
    menu = keep(name, lambda: read_menu(request))
    return Menu(header=mark_links(menu.header, request), footer=mark_links(menu.footer, request))


def name_menu(site_id: int, language: str) -> str:
    """Under which name the menus are kept."""
    return f"menu:{site_id}:{language}"


def mark_links(links: Iterable[Link], request: HttpRequest) -> list[Link]:
    """The links, those the visitor is at or below marked as active."""
    return [replace(link, active=bool(link.url) and request.path.startswith(link.url)) for link in links]


def read_menu(request: HttpRequest) -> Menu:
    """Both menus in the active language: one query, one more where the settings name their pages."""
    settings = SellerSettings.for_request(request)
    header, footer = (list(stream.raw_data) for stream in (settings.header_menu, settings.footer_menu))
    keys = find_keys([*header, *footer])
    language = get_active_language()
    pages = Page.objects.live().filter(locale__language_code=language)
    pages = pages.filter(Q(depth=MENU_DEPTH) | Q(translation_key__in=keys.values())).order_by("path")
    versions = {page.translation_key: page for page in pages}
    tops = [page for page in versions.values() if page.depth == MENU_DEPTH]

    def name_links(entries: Iterable[Mapping[str, Any]]) -> list[Link]:
        links = (make_entry(entry["value"], keys, versions, request) for entry in entries)
        return [link for link in links if link]

    return Menu(
        header=name_links(header) or list_links((page for page in tops if page.show_in_menus), request),
        footer=name_links(footer) or list_links((page for page in tops if is_standard(page)), request),
    )


def find_keys(entries: Iterable[Mapping[str, Any]]) -> dict[int, UUID]:
    """What the pages of the entries have in common with their translations, by the pages' ids."""
    ids = {entry["value"].get("page") for entry in entries} - {None}
    return dict(Page.objects.filter(pk__in=ids).values_list("pk", "translation_key")) if ids else {}


def make_entry(
    value: Mapping[str, Any], keys: Mapping[int, UUID], versions: Mapping[UUID, Page], request: HttpRequest
) -> Link | None:
    """The link of one entry of the settings; none for a page that is not live in this language."""
    title = value.get(f"title_{get_active_language()}") or ""
    if value.get("page") is None:
        return Link(title, value.get("address") or "") if title else None
    page = versions.get(keys.get(value["page"], UUID(int=0)))
    return make_link(page, request, title) if page else None


def list_links(pages: Iterable[Page], request: HttpRequest) -> list[Link]:
    """The links of the pages that have an address."""
    return [link for page in pages if (link := make_link(page, request))]


def make_link(page: Page, request: HttpRequest, title: str = "") -> Link | None:
    """The link of a page; none for one below the root of no site."""
    url = page.get_url(request)
    return Link(title or page.title, url) if url else None


def is_standard(page: Page) -> bool:
    """Whether it is a page of plain words."""
    return issubclass(page.cached_content_type.model_class(), StandardPage)


def get_menu(request: HttpRequest) -> Menu:
    """The menus of this request, built once."""
    menu: Menu | None = getattr(request, "menu", None)
    if menu is None:
        menu = build_menu(request)
        request.menu = menu  # type: ignore[attr-defined]  # kept for the request's other templates
    return menu
