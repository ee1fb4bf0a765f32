"""Who waits for which berry, in the Wagtail admin: to be looked at and never edited.

The right is Django's permission `shop.view_waiting`.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView

from core.records import RecordViewSet
from shop.catalog.hooks import LimitedPolicy
from shop.favorites.demand import list_demand
from shop.favorites.models import Waiting

register_permission_policy(Waiting, LimitedPolicy(Waiting, {"add", "change", "delete"}))


class WaitingFilterSet(WagtailFilterSet):
    """Requests by berry, by what they wait for and how they stand."""

    class Meta:
        model = Waiting
        fields = ["berry", "moment", "status", "asked_at"]


class WaitingIndexView(IndexView):
    """The demand for each berry, above the requests themselves."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The list, and how many people wait for which berry."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"demand": list_demand()}


class WaitingViewSet(RecordViewSet):
    """People who want to be told that a berry is back."""

    model = Waiting
    icon = "time"
    index_view_class = WaitingIndexView
    index_template_name = "shop/favorites/admin/waiting.html"
    add_to_admin_menu = True
    menu_label = _("Demand")
    menu_name = "demand"
    menu_order = 235
    list_display = [
        Column("berry", label=_("berry"), accessor=lambda waiting: waiting.berry.full_name),
        Column("email", label=_("e-mail"), sort_key="email"),
        Column("moment", label=_("to be told"), accessor="get_moment_display"),
        Column("status", label=_("status"), accessor="get_status_display", sort_key="status"),
        DateColumn("asked_at", label=_("asked"), sort_key="asked_at"),
        DateColumn("ended_at", label=_("told or withdrawn"), sort_key="ended_at"),
    ]
    filterset_class = WaitingFilterSet
    search_fields = ["email", "berry__kind_ru", "berry__kind_en", "berry__variety_ru", "berry__variety_en"]
    list_per_page = 50
    ordering = ["-asked_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Waiting]:
        """Requests with their berries."""
        return Waiting.objects.select_related("berry")


register_snippet(WaitingViewSet)
