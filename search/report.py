"""The admin's report of what people search: nothing found first, and from there one click to a synonym.

Rights are Django's permissions: `search.view_searchedquery` to read it, `search.add_synonym` for the click.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView

from core.spreadsheets import BYTE_ORDER_MARK, neutralize_formula
from search.log import SearchedQuery
from search.models import Synonym
from search.services import guess_meaning
from shop.catalog.hooks import LimitedPolicy

PREFILLED = ("language", "typed", "means")
LANGUAGES = dict(settings.LANGUAGES)

register_permission_policy(SearchedQuery, LimitedPolicy(SearchedQuery, {"add", "change", "delete"}))


class SearchReportFilterSet(WagtailFilterSet):
    """Searches of a time, in a language."""

    on = django_filters.DateFromToRangeFilter(label=_("Searched"), widget=DateRangePickerWidget)

    class Meta:
        model = SearchedQuery
        fields = ["language", "on"]


class SearchReportView(ReportView):
    """What people searched."""

    model = SearchedQuery
    permission_required = "view"
    page_title = _("Searches")
    header_icon = "search"
    filterset_class = SearchReportFilterSet
    index_url_name = "search_report"
    index_results_url_name = "search_report_results"
    export_filename = "searches"
    export_headings = {
        "text": _("Query"),
        "language": _("Language"),
        "times": _("Times"),
        "last_hits": _("Hits"),
        "opens": _("Opened"),
        "titles": _("Opened most"),
        "last_on": _("Last time"),
    }
    list_export = list(export_headings)
    custom_value_preprocess = ReportView.custom_value_preprocess | {
        list: dict.fromkeys(ReportView.FORMATS, lambda titles: neutralize_formula("; ".join(titles))),
        str: {ReportView.FORMAT_CSV: neutralize_formula},
    }

    @cached_property
    def columns(self) -> list[Column]:
        """The numbers of each query, and a synonym's button for those who may."""
        columns = [
            Column("text", label=_("Query")),
            Column("language", label=_("Language"), accessor=lambda row: LANGUAGES.get(row["language"])),
            NumberColumn("times", label=_("Times"), sort_key="times"),
            Column("last_hits", label=_("Hits"), accessor=show_hits, sort_key="last_hits"),
            NumberColumn("opens", label=_("Opened"), sort_key="opens"),
            Column("titles", label=_("Opened most"), accessor=lambda row: "; ".join(row["titles"]) or "—"),
            Column("last_on", label=_("Last time"), accessor=show_day, sort_key="last_on"),
        ]
        if self.request.user.has_perm("search.add_synonym"):
            columns.append(Column("synonym", label=_("Synonym"), accessor=link_synonym))
        return columns

    def get_filtered_queryset(self) -> QuerySet[SearchedQuery, Any]:
        """The chosen rows, summed up; an order the reader chose comes before ours."""
        rows = self.filter_queryset(SearchedQuery.objects.all()).summarize()
        return rows.order_by(self.ordering, "text", "language") if self.ordering else rows

    def stream_csv(self, queryset: Iterable[Mapping[str, object]]) -> Iterable[bytes]:
        """The table, with the mark by which spreadsheets know Cyrillic letters."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)


def show_hits(row: Mapping[str, Any]) -> SafeString | int:
    """How many were found; none is said in words."""
    return row["last_hits"] or format_html(
        '<span class="w-status w-status--critical">{}</span>', pgettext("hits", "nothing")
    )


def show_day(row: Mapping[str, Any]) -> str:
    """The day of the last search; Wagtail's own column would tell hours of it."""
    return date_format(row["last_on"], "SHORT_DATE_FORMAT")


def link_synonym(row: Mapping[str, Any]) -> SafeString:
    """A button that opens the form of a new synonym with the query in it."""
    query = urlencode({"language": row["language"], "typed": row["text"]})
    url = f"{reverse('wagtailsnippets_search_synonym:add')}?{query}"
    return format_html(
        '<a class="button button-small button-secondary" href="{}">{}</a>', url, _("To synonyms")
    )


class PrefilledSynonymView(CreateView):
    """The form of a new synonym, filled in from the address; what it means is guessed: one press saves it."""

    def get_initial_form_instance(self) -> Synonym:
        """A synonym as the address describes it; what is wrong with it the form says."""
        values = {name: self.request.GET[name][:100] for name in PREFILLED if name in self.request.GET}
        typed, language = values.get("typed", ""), values.get("language", "")
        if typed and language in LANGUAGES:
            values.setdefault("means", guess_meaning(typed, language))
        return Synonym(**values)


class ReportMenuItem(MenuItem):
    """Shown to those who may read the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the report would let this person in."""
        return request.user.has_perm("search.view_searchedquery")


def make_menu_item() -> ReportMenuItem:
    """The report's line in the menu of reports."""
    return ReportMenuItem(
        _("Searches"), reverse("search_report"), name="searches", icon_name="search", order=700
    )
