"""What is to be packed on a day, for those who pack: no sums, no addresses, no mail."""

from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.orders.models import Order

MAY_PACK = "shop.view_delivery"


def list_orders(day: date) -> list[Order]:
    """Orders of the day's slots that are being packed, in the order of their slots. Two queries."""
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    end = start + timedelta(days=1)
    orders = Order.objects.filter(
        delivery__status="packing", delivery__slot__starts_at__gte=start, delivery__slot__starts_at__lt=end
    )
    orders = orders.select_related("delivery__slot").prefetch_related("lines")
    return list(orders.order_by("delivery__slot__starts_at", "number"))


@require_safe
@permission_required(MAY_PACK, raise_exception=True)
def show_packing(request: HttpRequest) -> HttpResponse:
    """Today's orders with their lines; it prints as a list."""
    today = timezone.localdate()
    context = {"orders": list_orders(today), "today": today}
    return TemplateResponse(request, "shop/orders/admin/packing.html", context)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The list's address."""
    return [path("packing/", show_packing, name="shop_packing")]


class PackingMenuItem(MenuItem):
    """Seen by those who may pack."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user may."""
        return request.user.has_perm(MAY_PACK)


@hooks.register("register_admin_menu_item")
def add_menu_item() -> MenuItem:
    """The list, in the menu."""
    return PackingMenuItem(
        _("Packing"), reverse("shop_packing"), name="packing", icon_name="tasks", order=240
    )
