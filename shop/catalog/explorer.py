"""Pages of berries and categories in the page explorer and editor: what a writer has to know of the facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from laces.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from core.money import format_money
from core.slugs import make_slug
from shop.catalog.gaps import GapPage, list_gaps
from shop.catalog.models import Berry
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage
from shop.catalog.panels import describe_berry, describe_category
from shop.catalog.seasons import name_months

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the explorer tells of one page beside its title."""

    price: str = ""
    stock: str = ""
    season: str = ""
    translation: str = ""


def load_facts(pages: Iterable[Page]) -> dict[int, PageFacts]:
    """The facts of each page, in two queries however many there are."""
    pages = list(pages)
    ids = {page.berry_id for page in pages if isinstance(page, BerryPage)}
    berries = Berry.objects.with_facts(timezone.localdate()).in_bulk(ids)
    translations = name_translations(pages)
    return {
        page.pk: describe_page(berries.get(getattr(page, "berry_id", None)), translations[page.pk])
        for page in pages
    }


def describe_page(berry: Berry | None, translation: str) -> PageFacts:
    """The facts of one page, in words."""
    if berry is None:
        return PageFacts(translation=translation)
    return PageFacts(
        price=format_money(berry.price) if berry.price else NOTHING,
        stock=str(berry.stock),
        season=name_months(berry.season_months) or NOTHING,
        translation=translation,
    )


def name_translations(pages: list[Page]) -> dict[int, str]:
    """How far the other language is, by page. One query."""
    keys = {page.translation_key for page in pages}
    rows = Page.objects.filter(translation_key__in=keys).values_list(
        "translation_key", "locale", "live", "has_unpublished_changes"
    )
    others: dict[tuple[Any, int], tuple[bool, bool]] = {(key, locale): state for key, locale, *state in rows}
    states = {
        page.pk: [
            state
            for (key, locale), state in others.items()
            if key == page.translation_key and locale != page.locale_id
        ]
        for page in pages
    }
    return {pk: name_translation(found) for pk, found in states.items()}


def name_translation(states: list[tuple[bool, bool]]) -> str:
    """One state in words."""
    if not states:
        return gettext("none")
    is_live, has_changes = states[0]
    if not is_live:
        return gettext("draft")
    return gettext("live, with changes") if has_changes else gettext("live")


class FactColumn(Column):
    """One of the facts of a page."""

    def get_value(self, instance: Page) -> str:
        """The words, empty for pages that have none."""
        return str(getattr(instance.facts, self.name))


class CatalogExplorer(ExplorableIndexView):
    """The pages of the catalog with price, stock, season and translation."""

    base_columns = [
        *ExplorableIndexView.base_columns[:3],
        FactColumn("price", label=_("Price")),
        FactColumn("stock", label=_("Left, packs")),
        FactColumn("season", label=_("Season")),
        FactColumn("translation", label=_("Translation")),
        *[column for column in ExplorableIndexView.base_columns[3:] if column.name != "type"],
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts for the rows that are shown."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        facts = load_facts(context["object_list"])
        for page in context["object_list"]:
            page.facts = facts[page.pk]
        return context


class FactsSidePanel(BaseSidePanel):
    """What the record behind a page says now, and what the page still lacks."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button; its number says how much is missing."""

        aria_label = _("Toggle facts and gaps")
        icon_name = "tag"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            """With the number."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"count": len(self.panel.gaps)}

    name = "facts"
    title = _("Facts and gaps")
    template_name = "shop/catalog/admin/side_panel.html"
    order = 150

    def __init__(self, page: GapPage, request: HttpRequest) -> None:
        super().__init__(page, request)
        self.gaps = list_gaps(page)

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """What the template shows."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        describe = describe_berry if isinstance(self.object, BerryPage) else describe_category
        return context | describe(self.object, self.request) | {"gaps": self.gaps}


class SidePanelMixin:
    """Adds the panel to a view that edits a page with facts."""

    page: GapPage
    request: HttpRequest

    def get_side_panels(self) -> MediaContainer:
        """Wagtail's panels and ours; autosave asks for none."""
        panels = super().get_side_panels()  # type: ignore[misc]  # the views have it
        if self.expects_json_response:  # type: ignore[attr-defined]  # the views have it
            return panels
        return MediaContainer([*panels, FactsSidePanel(self.page, self.request)])


class BerryPageCreateView(SidePanelMixin, CreateView):
    """A new page; `?berry=7` fills in all that the record knows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        if (wanted := request.GET.get("berry", "")).isdecimal() and len(wanted) < 10:  # noqa: PLR2004 -- a key of the database
            berry = get_object_or_404(Berry, pk=wanted)
            self.page.berry, self.page.title = berry, berry.full_name
            self.page.slug = make_slug(berry.full_name)
        response: HttpResponse = super().get(request)
        return response


class BerryPageEditView(SidePanelMixin, EditView):
    """A page that exists."""


class BerryPageViewSet(PageViewSet):
    """Berry pages, and the explorer of the catalog they stand in."""

    model = BerryPage
    parent_models = [CatalogPage]
    icon = "tag"
    add_view_class = BerryPageCreateView
    edit_view_class = BerryPageEditView
    index_view_class = CatalogExplorer

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The explorer shows category pages, too."""
        found: dict[str, Any] = super().get_index_view_kwargs(**kwargs)
        return found | {"model": Page}


class CategoryPageCreateView(SidePanelMixin, CreateView):
    """A new page of a category."""


class CategoryPageEditView(SidePanelMixin, EditView):
    """One that exists."""


class CategoryPageViewSet(PageViewSet):
    """Pages of categories; the explorer is that of the catalog they stand in."""

    model = CategoryPage
    icon = "folder-open-inverse"
    add_view_class = CategoryPageCreateView
    edit_view_class = CategoryPageEditView
