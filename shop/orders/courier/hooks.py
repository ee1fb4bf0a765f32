"""Couriers' links in the Wagtail admin: one for each courier and day, to be sent by messenger."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.models import User
from shop.delivery.models import format_day
from shop.orders.courier.links import list_couriers, make_link_token

MAY_SEND_OUT = "shop.change_delivery"
DAYS = 2  # today's and tomorrow's


@require_safe
@never_cache
@permission_required(MAY_SEND_OUT, raise_exception=True)
def show_couriers(request: HttpRequest) -> HttpResponse:
    """Everybody who has the courier's role, with the links of today and tomorrow."""
    today = timezone.localdate()
    days = [today + timedelta(days=number) for number in range(DAYS)]
    couriers = [(courier, [make_link(courier, day) for day in days]) for courier in list_couriers()]
    context = {"couriers": couriers, "days": [format_day(day) for day in days]}
    return TemplateResponse(request, "shop/orders/admin/couriers.html", context)


def make_link(courier: User, day: date) -> str:
    """The whole address of a courier's page."""
    token = make_link_token(courier=courier, day=day)
    return settings.SITE_URL + reverse("shop:courier-stops", args=[token])


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The list's address."""
    return [path("couriers/", show_couriers, name="shop_couriers")]


class CouriersMenuItem(MenuItem):
    """Seen by those who send couriers out."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user may."""
        return request.user.has_perm(MAY_SEND_OUT)


@hooks.register("register_admin_menu_item")
def add_menu_item() -> MenuItem:
    """The list, in the menu."""
    return CouriersMenuItem(
        _("Couriers"), reverse("shop_couriers"), name="couriers", icon_name="mail", order=265
    )
