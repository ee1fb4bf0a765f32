"""By what staff narrow the list of orders."""

from datetime import date, timedelta

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.widgets import AdminDateInput

from shop.delivery.models import Delivery, DeliverySlot, DeliveryZone
from shop.orders.models import Mismatch, Order

SLOTS_BEHIND, SLOTS_AHEAD = timedelta(days=3), timedelta(days=14)
MONEY = {
    "unpaid": (_("not paid yet"), Q(status=Order.Status.PENDING)),
    "paid": (_("paid"), Q(paid_at__isnull=False, needs_refund=False) & ~Q(status=Order.Status.REFUNDED)),
    "due": (_("refund due"), Q(needs_refund=True)),
    "refunded": (_("refunded"), Q(status=Order.Status.REFUNDED)),
    "mismatch": (_("does not match"), Exists(Mismatch.objects.open().filter(order=OuterRef("pk")))),
}


def list_slots(request: HttpRequest | None) -> QuerySet[DeliverySlot]:
    """The slots one may want to look at: lately and soon."""
    now = timezone.now()
    around = DeliverySlot.objects.filter(starts_at__gte=now - SLOTS_BEHIND, starts_at__lt=now + SLOTS_AHEAD)
    return around.order_by("starts_at")


class OrderFilterSet(WagtailFilterSet):
    """Orders by state, by when and where they are brought, and by their money."""

    delivery = django_filters.ChoiceFilter(
        label=_("Delivery"), field_name="delivery__status", choices=Delivery.Status.choices
    )
    day = django_filters.DateFilter(label=_("Day of delivery"), method="filter_day", widget=AdminDateInput)
    slot = django_filters.ModelChoiceFilter(
        label=_("Delivery time"), field_name="delivery__slot", queryset=list_slots
    )
    zone = django_filters.ModelChoiceFilter(
        label=_("Zone"), field_name="delivery__zone", queryset=DeliveryZone.objects.all()
    )
    money = django_filters.ChoiceFilter(
        label=_("Money"),
        choices=[(name, label) for name, (label, _q) in MONEY.items()],
        method="filter_money",
    )
    placed_at = django_filters.DateFromToRangeFilter(label=_("Placed"), widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields = ["status"]

    def filter_day(self, orders: QuerySet[Order], name: str, value: date) -> QuerySet[Order]:
        """Orders whose slot begins on the day."""
        return orders.filter(delivery__slot__in=DeliverySlot.objects.on_day(value))

    def filter_money(self, orders: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Orders whose money stands so."""
        return orders.filter(MONEY[value][1])
