"""Orders and cheques in the Wagtail admin, to be looked at and never edited.

Rights are Django's permissions on the models (`shop.view_order`, `shop.view_cheque`). Orders change by
services alone: what was bought stays what it was.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import InspectView, SnippetViewSetGroup

from accounts.phones import format_phone
from core.money import format_money
from core.records import RecordViewSet
from payments.services import get_refundable
from shop.catalog.hooks import LimitedPolicy
from shop.orders import money_views
from shop.orders.models import Cheque, Order
from shop.orders.story import tell_story

READ_ONLY = {"add", "change", "delete"}

register_permission_policy(Order, LimitedPolicy(Order, READ_ONLY))
register_permission_policy(Cheque, LimitedPolicy(Cheque, READ_ONLY))


class OrderFilterSet(WagtailFilterSet):
    """Orders by how they stand, and those whose money has to go back."""

    class Meta:
        model = Order
        fields = ["status", "needs_refund", "placed_at"]


class OrderInspectView(InspectView):
    """One order with its lines, its delivery and its story."""

    template_name = "shop/orders/admin/inspect.html"

    def get_fields_context(self) -> list[dict[str, Any]]:
        """The fields of the row, then what hangs on it."""
        order = self.object
        lines = format_html_join(
            "",
            "<p>{} × {}, {}</p>",
            ((line, format_money(line.total), line.lots) for line in order.lines.all()),
        )
        delivery = f"{order.delivery.slot.label}, {order.delivery} ({order.delivery.get_status_display()})"
        extra = [(_("order lines"), lines), (_("delivery"), delivery)]
        fields: list[dict[str, Any]] = super().get_fields_context()
        return [*fields, *({"label": label, "value": value, "component": None} for label, value in extra)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The fields, the story, and the way to give money back for those who may."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["story"] = tell_story(order=self.object, bill=self.object.bill)
        may_refund = self.request.user.has_perm("shop.settle_money")
        if may_refund and get_refundable(bill_id=self.object.bill_id):
            context["refund_url"] = reverse("wagtailsnippets_shop_order:refund", args=[self.object.pk])
        return context


class OrderViewSet(RecordViewSet):
    """What people ordered."""

    model = Order
    icon = "clipboard-list"
    list_display = [
        "number",
        DateColumn("placed_at", label=_("placed"), sort_key="placed_at"),
        Column("shopper", label=_("Shopper"), accessor=lambda order: f"{order.name}, {order.email}"),
        Column("phone", label=_("phone"), accessor=lambda order: format_phone(order.phone)),
        Column("slot", label=_("slot"), accessor=lambda order: str(order.delivery.slot)),
        Column("status", label=_("status"), accessor="get_status_display", sort_key="status"),
        Column(
            "total", label=_("total, ₽"), accessor=lambda order: format_money(order.total), sort_key="total"
        ),
        BooleanColumn("needs_refund", label=_("refund due")),
    ]
    search_fields = ["number", "email", "phone", "name"]
    filterset_class = OrderFilterSet
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_class = OrderInspectView
    inspect_view_fields_exclude = ["idempotency_key", "fingerprint"]
    ordering = ["-placed_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Orders with what the list shows of them."""
        return Order.objects.select_related("user", "delivery__slot", "bill")

    def get_urlpatterns(self) -> list[URLPattern]:
        """The usual addresses, and the one for giving money back."""
        return [*super().get_urlpatterns(), path("refund/<int:pk>/", money_views.refund, name="refund")]


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
