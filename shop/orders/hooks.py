"""Orders and cheques in the Wagtail admin.

Rights are Django's permissions on the models (`shop.view_order`, `shop.view_cheque`). Nobody edits an order's
fields: it changes by services alone, and what was bought stays what it was.
"""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.records import RecordViewSet
from shop.catalog.hooks import LimitedPolicy
from shop.orders import money_views
from shop.orders.models import Cheque, Order
from shop.orders.office import mails, views
from shop.orders.office.filters import OrderFilterSet
from shop.orders.office.listing import EXPORT, LIST_DISPLAY, OrderIndexView, list_orders
from shop.orders.office.page import OrderPageView

READ_ONLY = {"add", "change", "delete"}

register_permission_policy(Order, LimitedPolicy(Order, READ_ONLY))
register_permission_policy(Cheque, LimitedPolicy(Cheque, READ_ONLY))


class OrderViewSet(RecordViewSet):
    """What people ordered."""

    model = Order
    icon = "clipboard-list"
    index_view_class = OrderIndexView
    list_display = LIST_DISPLAY
    list_export = list(EXPORT)
    export_headings = {name: heading for name, (heading, _read) in EXPORT.items()}
    export_filename = "orders"
    search_fields = ["number"]  # switches the box on; how it searches is the view's
    filterset_class = OrderFilterSet
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_class = OrderPageView
    ordering = ["-placed_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Orders with what the list shows of them."""
        return list_orders(request)

    def get_urlpatterns(self) -> list[URLPattern]:
        """The usual addresses, and those of the buttons on an order's page."""
        return [
            *super().get_urlpatterns(),
            path("refund/<int:pk>/", money_views.refund, name="refund"),
            path("mail/<int:pk>/", mails.show_mail, name="mail"),
            path("move/<int:pk>/", views.move, name="move"),
            path("note/<int:pk>/", views.note, name="note"),
            path("take-off/<int:pk>/", views.take_off, name="take-off"),
            path("door/<int:pk>/", views.change_door, name="door"),
            path("slot/<int:pk>/", views.choose_slot, name="slot"),
            path("call-off/<int:pk>/", views.call_off, name="call-off"),
        ]


class ChequeViewSet(RecordViewSet):
    """Which receipts went out."""

    model = Cheque
    icon = "mail"
    list_display = [
        Column("order", label=_("order"), accessor=lambda cheque: cheque.order.number),
        Column("status", label=_("status"), accessor="get_status_display", sort_key="status"),
        DateColumn("created_at", label=_("created"), sort_key="created_at"),
        DateColumn("sent_at", label=_("sent"), sort_key="sent_at"),
    ]
    search_fields = ["order__number", "order__email"]
    list_filter = ["status"]
    inspect_view_enabled = True
    ordering = ["-created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cheque]:
        """Cheques with their orders."""
        return Cheque.objects.select_related("order")


class OrderGroup(SnippetViewSetGroup):
    """One place in the menu for orders."""

    menu_label = _("Orders")
    menu_icon = "clipboard-list"
    menu_order = 250
    items = (OrderViewSet, ChequeViewSet)


register_snippet(OrderGroup)
