"""Money that does not match, in the Wagtail admin: one list, each row of which leads to its story.

Who may see and settle it has the right `shop.settle_money`; nothing else opens these pages.
"""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView

from core.money import format_money
from core.records import RecordViewSet
from shop.orders import money_views
from shop.orders.models import Mismatch

OPEN, SETTLED = "open", "settled"


class MoneyPolicy(ModelPermissionPolicy):
    """One right opens all of it, and nobody adds, edits or deletes rows by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may."""
        return action == "view" and bool(user.has_perm("shop.settle_money"))


register_permission_policy(Mismatch, MoneyPolicy(Mismatch))


class MismatchFilterSet(WagtailFilterSet):
    """Rows by kind; the settled ones only where somebody asks for them."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(OPEN, _("open")), (SETTLED, _("settled"))],
        method="filter_state",
        empty_label=_("all of them"),
    )

    class Meta:
        model = Mismatch
        fields = ["state", "kind", "found_at"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        chosen = QueryDict(mutable=True)
        chosen.update(data or {})
        chosen.setdefault("state", OPEN)
        super().__init__(chosen, *args, **kwargs)

    def filter_state(self, rows: QuerySet[Mismatch], name: str, value: str) -> QuerySet[Mismatch]:
        """Those that wait for somebody, or those that don't any more."""
        return rows.filter(settled_at__isnull=value == OPEN)


def find_story(row: Mismatch) -> str:
    """Where the row's story is."""
    return reverse("wagtailsnippets_shop_mismatch:story", args=[row.pk])


class MismatchIndexView(IndexView):
    """The list."""

    page_title = _("Money does not match")


class MismatchViewSet(RecordViewSet):
    """What does not match, oldest first."""

    model = Mismatch
    icon = "warning"
    index_view_class = MismatchIndexView
    add_to_admin_menu = True
    menu_label = _("Money")
    menu_name = "money"
    menu_order = 260
    list_display = [
        TitleColumn(
            "order",
            label=_("Order"),
            accessor=lambda row: row.order.number if row.order else row.subject,
            get_url=find_story,
        ),
        Column(
            "kind", label=_("What"), accessor=lambda row: capfirst(row.get_kind_display()), sort_key="kind"
        ),
        Column(
            "amount",
            label=_("Amount"),
            accessor=lambda row: "—" if row.amount is None else format_money(row.amount),
            sort_key="amount",
        ),
        DateColumn("found_at", label=_("Since"), sort_key="found_at"),
        Column("shopper", label=_("Shopper"), accessor=lambda row: row.order.name if row.order else "—"),
        Column("who", label=_("Who sees to it"), accessor=lambda row: row.settled_by or row.taken_by or "—"),
    ]
    search_fields = ["order__number", "order__email", "subject"]
    filterset_class = MismatchFilterSet
    list_per_page = 50
    ordering = ["found_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mismatch]:
        """Rows with what the list shows of them."""
        return Mismatch.objects.select_related("order", "taken_by", "settled_by")

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list, each row's story, and the ways to settle it."""
        return [
            *super().get_urlpatterns(),
            path("story/<int:pk>/", money_views.show_mismatch, name="story"),
            path("settle/<int:pk>/", money_views.settle, name="settle"),
            path("note/<int:pk>/", money_views.note, name="note"),
            path("ask/<int:pk>/", money_views.ask, name="ask"),
        ]


register_snippet(MismatchViewSet)
