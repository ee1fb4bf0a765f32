"""The admin's list of orders: what it shows, how it is searched, and what of it is exported."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.snippets.views.snippets import IndexView

from accounts.phones import format_phone
from core.money import format_money
from core.spreadsheets import SafeExportMixin
from shop.orders.models import Order
from shop.orders.office.searching import search_orders
from shop.orders.timeline import get_tone


def describe_debt(order: Order) -> str:
    """Whether money has to go back; nothing where none has."""
    return gettext("yes") if order.needs_refund else ""


EXPORT: dict[str, tuple[Any, Callable[[Order], Any]]] = {
    "number": (_("Order"), lambda order: order.number),
    "placed_at": (_("Placed"), lambda order: order.placed_at),
    "status": (_("State"), lambda order: order.get_status_display()),
    "delivery_status": (_("Delivery"), lambda order: order.delivery.get_status_display()),
    "slot": (_("Delivery time"), lambda order: str(order.delivery.slot)),
    "zone": (_("Zone"), lambda order: str(order.delivery.zone)),
    "recipient": (_("Recipient"), lambda order: order.delivery.recipient),
    "phone": (_("Phone"), lambda order: format_phone(order.phone)),
    "email": (_("E-mail"), lambda order: order.email),
    "address": (_("Address"), lambda order: order.delivery.one_line),
    "comment": (_("Comment"), lambda order: order.comment),
    "goods_total": (_("Goods, ₽"), lambda order: order.goods_total),
    "discount": (_("Discount, ₽"), lambda order: order.discount),
    "delivery_price": (_("Delivery, ₽"), lambda order: order.delivery_price),
    "total": (_("Total, ₽"), lambda order: order.total),
    "paid_at": (_("Paid"), lambda order: order.paid_at),
    "needs_refund": (_("Refund due"), describe_debt),
}


def describe_state(order: Order) -> str:
    """How the order stands, and its delivery where that says more."""
    if order.status in {Order.Status.PAID, Order.Status.IN_DELIVERY}:
        return f"{order.get_status_display()}, {order.delivery.get_status_display()}"
    return str(order.get_status_display())


def find_page(order: Order) -> str:
    """Where the order's page is."""
    return reverse("wagtailsnippets_shop_order:inspect", args=[order.pk])


def keep_whole(text: str) -> SafeString:
    """The text on one line, never broken at its hyphens."""
    return format_html('<span class="w-whitespace-nowrap">{}</span>', text)


def describe_shopper(order: Order) -> SafeString:
    """The name, and the e-mail address below it."""
    return format_html("{}<br>{}", order.name, order.email)


def describe_sum(order: Order) -> SafeString:
    """What the order costs, and a mark where money has to go back."""
    total = format_money(order.total)
    if not order.needs_refund:
        return format_html("{}", total)
    mark = format_html('<span class="w-status w-status--critical">{}</span>', gettext("refund due"))
    return format_html("{}<br>{}", total, mark)


def is_urgent(order: Order) -> bool:
    """Whether the state is drawn so that nobody overlooks it."""
    return get_tone(order) in {"danger", "success"}


class OrderIndexView(SafeExportMixin, IndexView):
    """The list."""

    export_right = "shop.export_order"

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Orders that the text may mean."""
        return search_orders(queryset, self.search_query)

    def to_row_dict(self, item: Order) -> dict[str, Any]:
        """One row of the file."""
        return {name: read(item) for name, (_heading, read) in EXPORT.items()}


LIST_DISPLAY = [
    TitleColumn(
        "number",
        label=_("Order"),
        accessor=lambda order: keep_whole(order.number),
        get_url=find_page,
        get_title_id=lambda order: f"snippet_{order.pk}_title",
        sort_key="number",
    ),
    DateColumn("placed_at", label=_("Placed"), sort_key="placed_at"),
    Column("shopper", label=_("Shopper"), accessor=describe_shopper),
    Column("phone", label=_("Phone"), accessor=lambda order: keep_whole(format_phone(order.phone))),
    Column("slot", label=_("Delivery time"), accessor=lambda order: str(order.delivery.slot)),
    Column("zone", label=_("Zone"), accessor=lambda order: str(order.delivery.zone)),
    StatusTagColumn(
        "status", label=_("State"), accessor=describe_state, primary=is_urgent, sort_key="status"
    ),
    Column("total", label=_("Total, ₽"), accessor=describe_sum, sort_key="total"),
]


def list_orders(request: HttpRequest) -> QuerySet[Order]:
    """Orders with what the list and the file show of them, in one query."""
    return Order.objects.select_related("delivery__slot", "delivery__zone")
