"""The catalog in the Wagtail admin: berries, packs, categories, lots and movements of stock.

Rights are Django's permissions on the models. Facts are never deleted, and stock changes only by services.
"""

from collections.abc import Collection, Iterator
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn
from wagtail.admin.widgets import ListingButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSetGroup

from core.money import format_money
from core.records import RecordViewSet
from shop.catalog.admin_forms import BerryForm, LotForm
from shop.catalog.models import Berry, BerryQuerySet, Category, Lot, Pack, StockMovement
from shop.catalog.pack_admin import PACK_PANELS, PackEditView, describe_per_kg, describe_price_now
from shop.catalog.pages import BerryPage, CatalogPage
from shop.catalog.seasons import name_months
from shop.catalog.services import receive_lot
from shop.catalog.writing_off import show_write_off


class LimitedPolicy(ModelPermissionPolicy):
    """Django's permissions, but for actions that nobody may do in the admin."""

    def __init__(self, model: Any, forbidden: Collection[str]) -> None:
        super().__init__(model)
        self.forbidden = frozenset(forbidden)

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may; not even an owner may do what is forbidden."""
        return action not in self.forbidden and super().user_has_permission(user, action)


register_permission_policy(Berry, LimitedPolicy(Berry, {"delete"}))
register_permission_policy(Pack, LimitedPolicy(Pack, {"delete"}))
register_permission_policy(Category, LimitedPolicy(Category, {"delete"}))
register_permission_policy(Lot, LimitedPolicy(Lot, {"change", "delete"}))
register_permission_policy(StockMovement, LimitedPolicy(StockMovement, {"add", "change", "delete"}))


# --- Berries ------------------------------------------------------------------------


class BerryFilterSet(WagtailFilterSet):
    """Berries by category, month and whether they are sold."""

    season = django_filters.ChoiceFilter(
        label=_("Season"), choices=list(MONTHS.items()), method="filter_season"
    )

    class Meta:
        model = Berry
        fields = ["categories", "is_active"]

    def filter_season(self, berries: BerryQuerySet, name: str, value: str) -> BerryQuerySet:
        """Those in season in the month."""
        return berries.in_season(int(value))


class BerryViewSet(RecordViewSet):
    """What is sold, with what matters today."""

    model = Berry
    icon = "tag"
    list_display = [
        "__str__",
        Column(
            "price",
            label=_("Price"),
            accessor=lambda berry: format_money(berry.price) if berry.price else "—",
        ),
        NumberColumn("stock", label=_("Left, packs"), sort_key="stock"),
        Column("season", label=_("Season"), accessor=lambda berry: name_months(berry.season_months) or "—"),
        DateColumn("next_best_before", label=_("Next best before"), sort_key="next_best_before"),
        BooleanColumn("is_active", label=_("On sale")),
    ]
    search_fields = ["code", "kind_ru", "kind_en", "variety_ru", "variety_en", "origin_ru"]
    filterset_class = BerryFilterSet
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("kind_ru"), FieldPanel("kind_en")]),
                    FieldRowPanel([FieldPanel("variety_ru"), FieldPanel("variety_en")]),
                    FieldRowPanel([FieldPanel("origin_ru"), FieldPanel("origin_en")]),
                ],
                heading=_("Names"),
            ),
            FieldPanel("season_months"),
            FieldPanel("tags"),
            FieldPanel("categories"),
            FieldPanel("related"),
            FieldPanel("vat_code"),
            FieldPanel("is_active"),
        ],
        base_form_class=BerryForm,
    )

    def get_queryset(self, request: HttpRequest) -> BerryQuerySet:
        """Berries with price, stock, date and the way to their page in the same query."""
        pages = BerryPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        catalogs = CatalogPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        return Berry.objects.with_facts(timezone.localdate()).annotate(
            page_id=Subquery(pages.filter(berry=OuterRef("pk")).values("pk")[:1]),
            catalog_id=Subquery(catalogs.values("pk")[:1]),
        )


class PackViewSet(RecordViewSet):
    """What is bought."""

    model = Pack
    icon = "form"
    list_display = [
        "__str__",
        Column("price", label=_("Price"), accessor=lambda pack: format_money(pack.price), sort_key="price"),
        Column("price_now", label=_("Price now"), accessor=describe_price_now),
        Column("price_per_kg", label=_("Price per kilogram"), accessor=describe_per_kg),
        NumberColumn("left", label=_("Left, packs"), sort_key="left"),
        BooleanColumn("is_default", label=_("Default")),
        BooleanColumn("is_active", label=_("On sale")),
    ]
    list_filter = ["container", "is_default", "is_active"]
    search_fields = [
        "berry__code",
        "berry__kind_ru",
        "berry__kind_en",
        "berry__variety_ru",
        "berry__variety_en",
    ]
    list_per_page = 50
    panels = PACK_PANELS
    edit_view_class = PackEditView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pack]:
        """Packs with their berry, what is left of them and what they cost now in the same query."""
        today = timezone.localdate()
        return Pack.objects.select_related("berry").with_left(today).with_next_lot(today)


class CategoryViewSet(RecordViewSet):
    """What shoppers browse by."""

    model = Category
    icon = "folder-open-inverse"
    list_display = ["__str__", "code", "position"]
    search_fields = ["code", "name_ru", "name_en"]
    panels = [
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldPanel("code"),
        FieldPanel("position"),
    ]


# --- Stock --------------------------------------------------------------------------


class ReceiveLotView(CreateView):
    """Adds a lot the one way stock comes in."""

    def save_instance(self) -> Lot:
        """Receive the lot in the name of who is signed in."""
        data = self.form.cleaned_data
        lot = receive_lot(
            pack=data["pack"],
            quantity=data["received"],
            harvested_on=data["harvested_on"],
            best_before=data["best_before"],
            farm_ru=data["farm_ru"],
            farm_en=data["farm_en"],
            by=self.request.user,
        )
        log(instance=lot, action="wagtail.create", user=self.request.user)
        return lot


class LotViewSet(RecordViewSet):
    """Harvests in stock: received and written off, never edited."""

    model = Lot
    icon = "calendar-alt"
    add_view_class = ReceiveLotView
    inspect_view_enabled = True
    list_display = [
        "__str__",
        Column("pack", label=_("Pack")),
        DateColumn("harvested_on", label=_("Harvested"), sort_key="harvested_on"),
        DateColumn("best_before", label=_("Best before"), sort_key="best_before"),
        NumberColumn("received", label=_("Received, packs")),
        NumberColumn("left", label=_("Left, packs"), sort_key="left"),
        Column("farm", label=_("Farm")),
    ]
    list_filter = {"best_before": ["lte", "gte"], "left": ["gt"]}
    search_fields = [
        "pack__berry__code",
        "pack__berry__kind_ru",
        "pack__berry__kind_en",
        "farm_ru",
        "farm_en",
    ]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel("pack"),
            FieldRowPanel([FieldPanel("harvested_on"), FieldPanel("best_before")]),
            FieldPanel("received"),
            FieldRowPanel([FieldPanel("farm_ru"), FieldPanel("farm_en")]),
        ],
        base_form_class=LotForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lot]:
        """Lots with pack and berry in the same query."""
        return Lot.objects.select_related("pack__berry")

    def get_urlpatterns(self) -> list[URLPattern]:
        """The usual addresses, and the one for writing packs off."""
        return [*super().get_urlpatterns(), path("write-off/<int:pk>/", show_write_off, name="write-off")]


@hooks.register("register_snippet_listing_buttons")
def offer_write_off(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[ListingButton]:
    """A button beside each lot that has something left, for those who may."""
    if isinstance(snippet, Lot) and snippet.left and user.has_perm("shop.change_lot"):
        url = reverse("wagtailsnippets_shop_lot:write-off", args=[snippet.pk])
        yield ListingButton(_("Write off"), url, icon_name="bin", priority=20)


class StockMovementViewSet(RecordViewSet):
    """All that ever happened to stock, to read."""

    model = StockMovement
    icon = "history"
    inspect_view_enabled = True
    list_display = [
        "__str__",
        Column("lot", label=_("Lot")),
        Column("pack", label=_("Pack"), accessor="lot.pack"),
        NumberColumn("quantity", label=_("Packs")),
        Column("reference", label=_("Order or reason")),
        Column("by", label=_("Who")),
        DateColumn("at", label=_("When"), sort_key="at"),
    ]
    list_filter = {"kind": ["exact"], "at": ["gte", "lte"]}
    search_fields = ["reference", "lot__pack__berry__kind_ru", "lot__pack__berry__code"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        """Movements with all they name in the same query."""
        return StockMovement.objects.select_related("lot__pack__berry", "by")


class CatalogViewSetGroup(SnippetViewSetGroup):
    """The manager's part of the menu."""

    items = (BerryViewSet, PackViewSet, CategoryViewSet, LotViewSet, StockMovementViewSet)
    menu_label = _("Shop")
    menu_name = "shop"
    menu_icon = "tag"
    menu_order = 150


register_snippet(CatalogViewSetGroup)
