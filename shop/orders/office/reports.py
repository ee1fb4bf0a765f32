"""The manager's reports: sales by berry, movements of stock, bills that nobody paid.

Rights are Django's permissions on orders and movements; each page asks for them itself.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from accounts.phones import format_phone
from core.money import format_money
from core.spreadsheets import SafeExportMixin
from shop.catalog.models import StockMovement
from shop.orders.models import Order, OrderLine
from shop.orders.office.figures import sum_up_movements, sum_up_sales

DAYS = 30
GIVEN_UP_AFTER = timedelta(hours=1)


class PeriodFilterSet(WagtailFilterSet):
    """The last thirty days, unless somebody chooses others."""

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        chosen = QueryDict(mutable=True)
        chosen.update(data or {})
        if not {"period_from", "period_to"} & set(chosen):
            chosen["period_from"] = (timezone.localdate() - timedelta(days=DAYS)).isoformat()
        super().__init__(chosen, *args, **kwargs)


class SalesFilterSet(PeriodFilterSet):
    """Sales by when they were paid."""

    period = django_filters.DateFromToRangeFilter(
        label=_("Paid"), field_name="order__paid_at", widget=DateRangePickerWidget
    )

    class Meta:
        model = OrderLine
        fields = ["period"]


class MovementFilterSet(PeriodFilterSet):
    """Movements by when they happened."""

    period = django_filters.DateFromToRangeFilter(
        label=_("When"), field_name="at", widget=DateRangePickerWidget
    )

    class Meta:
        model = StockMovement
        fields = ["period"]


class UnpaidFilterSet(PeriodFilterSet):
    """Unpaid orders by when they were placed and how they ended."""

    period = django_filters.DateFromToRangeFilter(
        label=_("Placed"), field_name="placed_at", widget=DateRangePickerWidget
    )
    status = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            (status.value, status.label)
            for status in (Order.Status.PENDING, Order.Status.REJECTED, Order.Status.EXPIRED)
        ],
    )

    class Meta:
        model = Order
        fields = ["period", "status"]


class ShopReportView(SafeExportMixin, ReportView):
    """What our reports have in common."""

    permission_required = "view"
    header_icon = "clipboard-list"

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        """The columns of the file are those of the page."""
        self.list_export = list(self.export_headings)
        return super().dispatch(*args, **kwargs)

    def sort_rows(self, rows: list[Any]) -> list[Any]:
        """Rows that were added up, in the order the reader chose."""
        name = (self.ordering or "").removeprefix("-")
        if not name:
            return rows
        return sorted(rows, key=lambda row: getattr(row, name), reverse=self.ordering.startswith("-"))


class SalesReportView(ShopReportView):
    """What was sold, by berry."""

    model = Order
    page_title = _("Sales by berry")
    filterset_class = SalesFilterSet
    index_url_name = "shop_sales_report"
    index_results_url_name = "shop_sales_report_results"
    export_filename = "sales"
    export_headings = {
        "berry": _("Berry"),
        "orders": _("Orders"),
        "packs": _("Packs"),
        "kilograms": _("Kilograms"),
        "revenue": _("Revenue, ₽"),
        "share": _("Share, %"),
    }
    columns = [
        Column("berry", label=_("Berry"), sort_key="berry"),
        NumberColumn("orders", label=_("Orders"), sort_key="orders"),
        NumberColumn("packs", label=_("Packs"), sort_key="packs"),
        NumberColumn("kilograms", label=_("Kilograms"), sort_key="kilograms"),
        Column(
            "revenue",
            label=_("Revenue"),
            accessor=lambda row: format_money(row.revenue),
            sort_key="revenue",
        ),
        NumberColumn("share", label=_("Share, %"), sort_key="share"),
    ]

    def get_filtered_queryset(self) -> list[Any]:
        """The chosen sales, added up."""
        return self.sort_rows(sum_up_sales(self.filter_queryset(OrderLine.objects.all())))


class MovementReportView(ShopReportView):
    """What came, went and was written off, by pack."""

    model = StockMovement
    page_title = _("Movements and write-offs")
    header_icon = "history"
    filterset_class = MovementFilterSet
    index_url_name = "shop_movement_report"
    index_results_url_name = "shop_movement_report_results"
    export_filename = "movements"
    export_headings = {
        "pack": _("Pack"),
        "received": _("Received"),
        "sold": _("Sold"),
        "returned": _("Returned to stock"),
        "written_off": _("Written off"),
        "written_off_price": _("Written off, ₽"),
    }
    columns = [
        Column("pack", label=_("Pack"), sort_key="pack"),
        NumberColumn("received", label=_("Received"), sort_key="received"),
        NumberColumn("sold", label=_("Sold"), sort_key="sold"),
        NumberColumn("returned", label=_("Returned to stock"), sort_key="returned"),
        NumberColumn("written_off", label=_("Written off"), sort_key="written_off"),
        Column(
            "written_off_price",
            label=_("Written off at today's price"),
            accessor=lambda row: format_money(row.written_off_price),
            sort_key="written_off_price",
        ),
    ]

    def get_filtered_queryset(self) -> list[Any]:
        """The chosen movements, added up."""
        return self.sort_rows(sum_up_movements(self.filter_queryset(StockMovement.objects.all())))


class UnpaidReportView(ShopReportView):
    """Bills that nobody paid: given up, run out of time, or waiting for more than an hour."""

    model = Order
    page_title = _("Unpaid orders")
    header_icon = "warning"
    filterset_class = UnpaidFilterSet
    index_url_name = "shop_unpaid_report"
    index_results_url_name = "shop_unpaid_report_results"
    export_right = "shop.export_order"
    export_filename = "unpaid"
    export_headings = {
        "number": _("Order"),
        "placed_at": _("Placed"),
        "get_status_display": _("State"),
        "name": _("Shopper"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "total": _("Total, ₽"),
    }
    columns = [
        TitleColumn(
            "number",
            label=_("Order"),
            get_url=lambda order: reverse("wagtailsnippets_shop_order:inspect", args=[order.pk]),
        ),
        DateColumn("placed_at", label=_("Placed"), sort_key="placed_at"),
        Column("status", label=_("State"), accessor="get_status_display", sort_key="status"),
        Column("name", label=_("Shopper")),
        Column("phone", label=_("Phone"), accessor=lambda order: format_phone(order.phone)),
        Column("email", label=_("E-mail")),
        Column("total", label=_("Total"), accessor=lambda order: format_money(order.total), sort_key="total"),
    ]

    def get_filtered_queryset(self) -> QuerySet[Order]:
        """The chosen ones, newest first unless the reader chose another order."""
        closed = Q(status__in=(Order.Status.REJECTED, Order.Status.EXPIRED), paid_at=None)
        forgotten = Q(status=Order.Status.PENDING, placed_at__lt=timezone.now() - GIVEN_UP_AFTER)
        orders: QuerySet[Order] = self.filter_queryset(Order.objects.filter(closed | forgotten))
        return orders.order_by(self.ordering or "-placed_at", "-pk")
