"""The language switch: the same page in the other language, or the nearest one that exists."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from wagtail.models import Page

from core.kept import keep

# Where the switch leads to another page than the one asked for, that page says so.
UNTRANSLATED = "untranslated"
# What means something to one language's page alone.
OWN_PARAMETERS = ("page", UNTRANSLATED)
FRONT_DEPTH = 2


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the switch. `live` is false where the page itself has no live translation.

    `title` is then that of the page it leads to instead; `path` is its address without a query.
    """

    code: str
    name: str
    url: str
    active: bool
    live: bool
    title: str = ""

    @property
    def path(self) -> str:
        """What search engines are told, who know no filters."""
        return self.url.partition("?")[0]


def get_active_language() -> str:
    """The language of the address that is being answered: "ru" or "en"."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def list_languages(request: HttpRequest) -> list[LanguageLink]:
    """A link for each language; a Wagtail page links to its translation or its nearest translated ancestor.

    At most one query for a page that is translated, however often a template asks.
    """
    links: list[LanguageLink] | None = getattr(request, "language_links", None)
    if links is None:
        page = getattr(request, "wagtail_page", None)
        links = [link_language(request, page, code, str(name)) for code, name in settings.LANGUAGES]
        request.language_links = links  # type: ignore[attr-defined]  # kept for the request's other templates
    return links


def link_language(request: HttpRequest, page: Page | None, code: str, name: str) -> LanguageLink:
    """The link of one language for the page or path of the request."""
    active = code == get_language()
    if page is None or active:
        return LanguageLink(code, name, translate_url(request.get_full_path(), code), active, live=True)
    target, is_exact = find_translation(page, code)
    url = (target.get_url(request) if target else None) or f"/{code}/"
    if is_exact:
        return LanguageLink(code, name, f"{url}{write_query(request)}", active, live=True)
    return LanguageLink(
        code, name, f"{url}?{UNTRANSLATED}=1", active, live=False, title=target.title if target else ""
    )


def write_query(request: HttpRequest) -> str:
    """What was asked of this page and may be asked of its translation, too: filters, a search."""
    query = request.GET.copy()
    for name in OWN_PARAMETERS:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""


def name_translation(page: Page, code: str) -> str:
    """Under which name the page's translation is kept, or that there is none."""
    return f"translation:{page.translation_key}:{code}"


def find_translation(page: Page, code: str) -> tuple[Page | None, bool]:
    """The live translation of the page or of its nearest ancestor with one; whether it is the page's own."""
    live = Page.objects.live().filter(locale__language_code=code)
    translations = live.filter(translation_key=page.translation_key)
    exact = keep(name_translation(page, code), translations.first)
    if exact:
        return exact, True
    if page.depth <= FRONT_DEPTH:  # nothing is above a front page
        return None, False
    ancestors = page.get_ancestors().filter(depth__gte=2).order_by("-depth")
    keys = [ancestor.translation_key for ancestor in ancestors]
    found = {p.translation_key: p for p in live.filter(translation_key__in=keys)}
    return next((found[key] for key in keys if key in found), None), False
