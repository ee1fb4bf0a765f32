"""The report of searches in the admin: its addresses and its line in the menu."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search.report import SearchReportView, make_menu_item


@hooks.register("register_admin_urls")
def add_report_urls() -> list[URLPattern]:
    """The whole page, and the part of it that changes with the filters."""
    return [
        path("reports/searches/", SearchReportView.as_view(), name="search_report"),
        path(
            "reports/searches/results/",
            SearchReportView.as_view(results_only=True),
            name="search_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def add_report_to_menu() -> MenuItem:
    """Beside Wagtail's own reports."""
    return make_menu_item()
