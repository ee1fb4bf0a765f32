"""Vouchers and markdowns in the Wagtail admin, and the report of what vouchers were used for.

Rights are Django's permissions on the models. A voucher that was used is switched off, never deleted.
"""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.money import format_money
from core.records import RecordViewSet
from shop.catalog.hooks import LimitedPolicy
from shop.catalog.pricing import Markdown
from shop.vouchers.models import Voucher, VoucherUse

register_permission_policy(Voucher, LimitedPolicy(Voucher, {"delete"}))
register_permission_policy(VoucherUse, LimitedPolicy(VoucherUse, {"add", "change", "delete"}))


def describe_value(voucher: Voucher) -> str:
    """«10 %», «300 ₽» or free delivery."""
    if voucher.kind == Voucher.Kind.PERCENT:
        return f"{voucher.value.normalize():f} %"
    is_sum = voucher.kind == Voucher.Kind.SUM
    return format_money(voucher.value) if is_sum else str(voucher.get_kind_display())


def describe_uses(voucher: Voucher) -> str:
    """«3 / 100», or «3» where there is no limit."""
    return f"{voucher.used} / {voucher.max_uses}" if voucher.max_uses is not None else str(voucher.used)


class VoucherViewSet(RecordViewSet):
    """What each code gives, how often it was used, and what that cost."""

    model = Voucher
    icon = "tag"
    list_display = [
        "code",
        Column("value", label=_("gives"), accessor=describe_value),
        Column("used", label=_("used"), accessor=describe_uses, sort_key="used"),
        Column("saved", label=_("taken off, ₽"), accessor=lambda voucher: format_money(voucher.saved)),
        DateColumn("ends_at", label=_("valid until"), sort_key="ends_at"),
        BooleanColumn("is_active", label=_("active")),
        "note",
    ]
    list_export = ["code", "kind", "value", "used", "max_uses", "saved", "starts_at", "ends_at", "is_active"]
    list_filter = {"kind": ["exact"], "is_active": ["exact"], "ends_at": ["lte", "gte"]}
    search_fields = ["code", "note"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("is_active")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("value")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("max_uses"), FieldPanel("max_uses_each")]),
                FieldRowPanel([FieldPanel("min_total"), FieldPanel("first_order_only")]),
            ],
            heading=_("Limits"),
        ),
        FieldPanel("note"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        """Vouchers with what they took off, in the same query."""
        return Voucher.objects.with_savings()


class VoucherUseViewSet(RecordViewSet):
    """Which orders used which voucher, to read and to export."""

    model = VoucherUse
    icon = "list-ul"
    inspect_view_enabled = True
    list_display = [
        Column("reference", label=_("order")),
        Column("voucher", label=_("voucher")),
        Column("user", label=_("shopper")),
        Column("amount", label=_("taken off, ₽"), accessor=lambda use: format_money(use.amount)),
        DateColumn("at", label=_("used"), sort_key="at"),
        DateColumn("returned_at", label=_("given back"), sort_key="returned_at"),
    ]
    list_export = ["reference", "voucher", "user", "amount", "at", "returned_at"]
    list_filter = {"voucher": ["exact"], "at": ["gte", "lte"]}
    search_fields = ["reference", "voucher__code"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoucherUse]:
        """Uses with all they name in the same query."""
        return VoucherUse.objects.select_related("voucher", "user")


class MarkdownViewSet(RecordViewSet):
    """By how much berries get cheaper as their last day comes near."""

    model = Markdown
    icon = "calendar-alt"
    list_display = [
        "__str__",
        NumberColumn("days_left", label=_("days left"), sort_key="days_left"),
        NumberColumn("percent", label=_("percent off"), sort_key="percent"),
        BooleanColumn("is_active", label=_("active")),
    ]
    panels = [
        FieldRowPanel([FieldPanel("days_left"), FieldPanel("percent")]),
        FieldPanel("is_active"),
    ]


class PriceGroup(SnippetViewSetGroup):
    """One place in the menu for what makes berries cheaper."""

    menu_label = _("Promotions")
    menu_name = "promotions"
    menu_icon = "tag"
    menu_order = 270
    items = (VoucherViewSet, VoucherUseViewSet, MarkdownViewSet)


register_snippet(PriceGroup)
