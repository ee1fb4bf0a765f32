"""Complaints in the Wagtail admin: read with their photos, and answered once.

`shop.view_complaint` reads, `shop.change_complaint` answers; nobody adds, edits or deletes them by hand.
"""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from core.money import format_money
from core.records import RecordViewSet
from shop.catalog.hooks import LimitedPolicy
from shop.orders import complaint_admin
from shop.orders.models import Complaint

register_permission_policy(Complaint, LimitedPolicy(Complaint, {"add", "change", "delete"}))


def find_answer(complaint: Complaint) -> str:
    """Where the complaint is read and answered."""
    return reverse("wagtailsnippets_shop_complaint:answer", args=[complaint.pk])


class ComplaintViewSet(RecordViewSet):
    """What shoppers found bad, those that wait for an answer first."""

    model = Complaint
    icon = "warning"
    add_to_admin_menu = True
    menu_label = _("Complaints")
    menu_name = "complaints"
    menu_order = 255
    list_display = [
        TitleColumn(
            "order",
            label=_("Order"),
            accessor=lambda complaint: complaint.order.number,
            get_url=find_answer,
        ),
        Column("status", label=_("status"), accessor="get_status_display", sort_key="status"),
        Column("shopper", label=_("Shopper"), accessor=lambda complaint: complaint.order.name),
        Column("text", label=_("what is wrong"), accessor=lambda complaint: complaint.text[:80]),
        Column(
            "amount",
            label=_("given back, ₽"),
            accessor=lambda complaint: format_money(complaint.amount) if complaint.amount else "—",
        ),
        DateColumn("created_at", label=_("complained"), sort_key="created_at"),
    ]
    list_filter = ["status", "created_at"]
    search_fields = ["order__number", "order__email", "text"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        """Complaints with what the list shows of them; `waiting` is the last of the states by its letters."""
        return Complaint.objects.select_related("order").order_by("-status", "created_at", "pk")

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list, each complaint with its answer, and its photos."""
        return [
            *super().get_urlpatterns(),
            path("answer/<int:pk>/", complaint_admin.answer, name="answer"),
            path("photo/<int:pk>/", complaint_admin.show_photo, name="photo"),
        ]


register_snippet(ComplaintViewSet)
