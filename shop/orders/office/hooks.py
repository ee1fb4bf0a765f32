"""Staff's work with orders in the admin: addresses, menus and bulk actions."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.orders.office import packing_views
from shop.orders.office.bulk import ACTIONS
from shop.orders.office.reports import MovementReportView, SalesReportView, ShopReportView, UnpaidReportView

REPORTS: dict[str, tuple[type[ShopReportView], str]] = {
    "sales": (SalesReportView, "shop.view_order"),
    "movement": (MovementReportView, "shop.view_stockmovement"),
    "unpaid": (UnpaidReportView, "shop.view_order"),
}

for action in ACTIONS:
    hooks.register("register_bulk_action", action)


class RightMenuItem(MenuItem):
    """Seen by those who have a right."""

    def __init__(self, label: Any, url: str, *, right: str, **kwargs: object) -> None:
        super().__init__(label, url, **kwargs)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user has it."""
        return request.user.has_perm(self.right)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The packing list, on the screen and on paper, and the reports."""
    packing = [
        path("packing/", packing_views.show_packing, name="shop_packing"),
        path("packing/sheet/", packing_views.show_sheet, name="shop_packing_sheet"),
        path("packing/hand-over/", packing_views.hand_over, name="shop_packing_hand_over"),
    ]
    pages = [
        path(f"reports/{name}/", view.as_view(), name=f"shop_{name}_report")
        for name, (view, _right) in REPORTS.items()
    ]
    results = [
        path(f"reports/{name}/results/", view.as_view(results_only=True), name=f"shop_{name}_report_results")
        for name, (view, _right) in REPORTS.items()
    ]
    return packing + pages + results


@hooks.register("register_admin_menu_item")
def add_packing_to_menu() -> MenuItem:
    """The packing list, in the menu."""
    return RightMenuItem(
        _("Packing"),
        reverse("shop_packing"),
        right=packing_views.MAY_PACK,
        name="packing",
        icon_name="tasks",
        order=240,
    )


def make_report_item(name: str, place: int) -> Callable[[], MenuItem]:
    """What puts a report into the menu."""

    def add_to_menu() -> MenuItem:
        view, right = REPORTS[name]
        return RightMenuItem(
            view.page_title,
            reverse(view.index_url_name),
            right=right,
            name=f"shop-{name}",
            icon_name=view.header_icon,
            order=place,
        )

    return add_to_menu


for place, name in enumerate(REPORTS):
    hooks.register("register_reports_menu_item", make_report_item(name, 710 + place))
