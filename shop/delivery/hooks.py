"""Delivery in the Wagtail admin: zones with their prices, slots with their capacity.

Rights are Django's permissions on the models. Zones and slots that orders use are switched off, not deleted.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.money import format_money
from core.records import RecordViewSet
from shop.catalog.hooks import LimitedPolicy
from shop.delivery.models import DeliverySlot, DeliveryZone

register_permission_policy(DeliveryZone, LimitedPolicy(DeliveryZone, {"delete"}))
register_permission_policy(DeliverySlot, LimitedPolicy(DeliverySlot, {"delete"}))


class ZoneViewSet(RecordViewSet):
    """Where to, and for how much."""

    model = DeliveryZone
    icon = "site"
    list_display = [
        "__str__",
        Column("price", label=_("price, ₽"), accessor=lambda zone: format_money(zone.price)),
        Column(
            "free_from",
            label=_("free from a sum of, ₽"),
            accessor=lambda zone: format_money(zone.free_from) if zone.free_from is not None else "—",
        ),
        Column("min_order", label=_("least order, ₽"), accessor=lambda zone: format_money(zone.min_order)),
        BooleanColumn("is_active", label=_("active")),
    ]
    panels = [
        FieldPanel("code"),
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldRowPanel([FieldPanel("description_ru"), FieldPanel("description_en")]),
        FieldRowPanel([FieldPanel("price"), FieldPanel("free_from"), FieldPanel("min_order")]),
        FieldRowPanel([FieldPanel("vat_code"), FieldPanel("position")]),
        FieldPanel("is_active"),
    ]


class SlotViewSet(RecordViewSet):
    """When, and how many orders. How many are taken is not edited: orders take and release places."""

    model = DeliverySlot
    icon = "time"
    list_display = [
        "__str__",
        DateColumn("cut_off_at", label=_("orders until"), sort_key="cut_off_at"),
        Column("taken", label=_("taken, orders"), accessor=lambda slot: f"{slot.taken} / {slot.capacity}"),
        BooleanColumn("is_active", label=_("active")),
    ]
    list_filter = ["is_active", "starts_at"]
    ordering = ["-starts_at"]
    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]), FieldPanel("cut_off_at")],
            heading=_("Delivery time"),
        ),
        FieldPanel("capacity"),
        FieldPanel("is_active"),
    ]


class DeliveryGroup(SnippetViewSetGroup):
    """One place in the menu for all of delivery."""

    menu_label = _("Delivery")
    menu_icon = "time"
    menu_order = 260
    items = (SlotViewSet, ZoneViewSet)


register_snippet(DeliveryGroup)
