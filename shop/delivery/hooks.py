"""Delivery in the Wagtail admin: zones and pick-up points, slots, and the week that slots are made from.

Rights are Django's permissions on the models. Zones and slots that orders use are switched off, not deleted.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import InspectView, SnippetViewSetGroup

from core.money import format_money
from core.records import RecordViewSet
from shop.catalog.hooks import LimitedPolicy
from shop.delivery.models import Closure, Delivery, DeliverySlot, DeliveryZone, SlotTemplate
from shop.delivery.planning import plan_slots

register_permission_policy(DeliveryZone, LimitedPolicy(DeliveryZone, {"delete"}))
register_permission_policy(DeliverySlot, LimitedPolicy(DeliverySlot, {"delete"}))


def describe_cut_off(template: SlotTemplate) -> str:
    """Until when orders are taken, in words."""
    if template.cut_off_time is not None:
        return str(_("%(time)s the day before") % {"time": f"{template.cut_off_time:%H:%M}"})
    hours = template.cut_off_hours or 0
    return ngettext("%(count)s hour before", "%(count)s hours before", hours) % {"count": hours}


def list_promised(closure: Closure) -> list[Delivery]:
    """What is still to be brought on the day, in the order of its slots; one query."""
    slots = DeliverySlot.objects.on_day(closure.date)
    ended = [Delivery.Status.CANCELED, Delivery.Status.DELIVERED]
    found = Delivery.objects.filter(slot__in=slots).exclude(status__in=ended)
    return list(found.select_related("slot", "order").order_by("slot__starts_at", "pk"))


def order_number(delivery: Delivery) -> str:
    """The number of the order that is to be brought."""
    return str(delivery.order)


class ZoneViewSet(RecordViewSet):
    """Where to, and for how much."""

    model = DeliveryZone
    icon = "site"
    list_display = [
        "__str__",
        Column("kind", label=_("way of delivery"), accessor="get_kind_display"),
        Column("price", label=_("price, ₽"), accessor=lambda zone: format_money(zone.price)),
        Column(
            "free_from",
            label=_("free from a sum of, ₽"),
            accessor=lambda zone: format_money(zone.free_from) if zone.free_from is not None else "—",
        ),
        Column("min_order", label=_("least order, ₽"), accessor=lambda zone: format_money(zone.min_order)),
        BooleanColumn("is_active", label=_("active")),
    ]
    list_filter = ["kind", "is_active"]
    panels = [
        FieldPanel("kind"),
        FieldPanel("code"),
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldRowPanel([FieldPanel("description_ru"), FieldPanel("description_en")]),
        FieldRowPanel([FieldPanel("price"), FieldPanel("free_from"), FieldPanel("min_order")]),
        FieldRowPanel([FieldPanel("vat_code"), FieldPanel("position")]),
        FieldRowPanel([FieldPanel("cold_chain_ru"), FieldPanel("cold_chain_en")]),
        MultiFieldPanel(
            [FieldPanel("places"), FieldPanel("postcodes")],
            heading=_("Which addresses belong to the area"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("city"), FieldPanel("street"), FieldPanel("house")]),
                FieldRowPanel([FieldPanel("hours_ru"), FieldPanel("hours_en")]),
            ],
            heading=_("Only for a pick-up point: where it is and when it is open"),
        ),
        FieldPanel("is_active"),
    ]


class SlotViewSet(RecordViewSet):
    """When, and how many orders. How many are taken is not edited: orders take and release places."""

    model = DeliverySlot
    icon = "time"
    list_display = [
        "__str__",
        Column("point", label=_("pick-up point"), accessor=lambda slot: slot.point or "—"),
        DateColumn("cut_off_at", label=_("orders until"), sort_key="cut_off_at"),
        Column("taken", label=_("taken, orders"), accessor=lambda slot: f"{slot.taken} / {slot.capacity}"),
        BooleanColumn("is_active", label=_("active")),
        Column("closed", label=_("no delivery"), accessor=lambda slot: slot.closed or "—"),
    ]
    list_filter = ["is_active", "point", "starts_at"]
    ordering = ["-starts_at"]
    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]), FieldPanel("cut_off_at")],
            heading=_("Delivery time"),
        ),
        FieldPanel("point"),
        FieldPanel("capacity"),
        FieldPanel("is_active"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliverySlot]:
        """Slots with their point, and why nothing is delivered on their day."""
        reason = Closure.objects.filter(date=OuterRef("day")).values("reason_ru")
        days = DeliverySlot.objects.annotate(day=TruncDate("starts_at"))
        return days.annotate(closed=Subquery(reason)).select_related("point")


class TemplateViewSet(RecordViewSet):
    """The week that slots are made from. A change shows in slots that are not made yet."""

    model = SlotTemplate
    icon = "calendar"
    list_display = [
        "__str__",
        Column("point", label=_("pick-up point"), accessor=lambda template: template.point or "—"),
        Column("capacity", label=_("capacity, orders")),
        Column("cut_off", label=_("orders until"), accessor=describe_cut_off),
        BooleanColumn("is_active", label=_("active")),
    ]
    list_filter = ["weekday", "point", "is_active"]
    list_per_page = 50
    panels = [
        FieldPanel("weekday"),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends"), FieldPanel("capacity")]),
        FieldRowPanel([FieldPanel("cut_off_hours"), FieldPanel("cut_off_time")]),
        FieldPanel("point"),
        FieldPanel("is_active"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlotTemplate]:
        """The week with its pick-up points."""
        return SlotTemplate.objects.select_related("point")


class ClosureInspectView(InspectView):
    """One day without delivery, with the orders that were promised for it."""

    def get_fields_context(self) -> list[dict[str, Any]]:
        """The fields of the row, then the orders."""
        deliveries = list_promised(self.object)
        orders = format_html_join(
            "",
            "<p>{}, {}, {}: {}</p>",
            ((way.slot.hours_label, order_number(way), way.phone, way.one_line) for way in deliveries),
        )
        fields: list[dict[str, Any]] = super().get_fields_context()
        label = _("orders promised for this day")
        return [*fields, {"label": label, "value": orders or _("none"), "component": None}]


class ClosureViewSet(RecordViewSet):
    """Days on which nobody drives. Their slots take no orders; those they have are for a person to move."""

    model = Closure
    icon = "date"
    list_display = [
        DateColumn("date", label=_("day"), sort_key="date"),
        Column("reason_ru", label=_("reason in Russian")),
        Column(
            "orders", label=_("orders promised for this day"), accessor=lambda day: len(list_promised(day))
        ),
    ]
    inspect_view_enabled = True
    inspect_view_class = ClosureInspectView
    ordering = ["-date"]
    panels = [FieldPanel("date"), FieldRowPanel([FieldPanel("reason_ru"), FieldPanel("reason_en")])]


class DeliveryGroup(SnippetViewSetGroup):
    """One place in the menu for all of delivery."""

    menu_label = _("Delivery")
    menu_icon = "time"
    menu_order = 260
    items = (SlotViewSet, TemplateViewSet, ClosureViewSet, ZoneViewSet)


register_snippet(DeliveryGroup)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def plan_at_once(request: HttpRequest, record: Model) -> None:
    """A change of the week shows at once, not at night; a new day off names what was promised for it."""
    if isinstance(record, SlotTemplate):
        plan_slots()
    elif isinstance(record, Closure) and (number := len(list_promised(record))):
        text = ngettext(
            "%(count)s order is promised for this day: call the shopper or move it.",
            "%(count)s orders are promised for this day: call the shoppers or move them.",
            number,
        )
        messages.warning(request, text % {"count": number})


@hooks.register("after_delete_snippet")
def plan_again(request: HttpRequest, records: list[Model]) -> None:
    """A day on which delivery happens after all gets its slots."""
    if any(isinstance(record, Closure) for record in records):
        plan_slots()
