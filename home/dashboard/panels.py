"""The panels of the admin's front page. Each asks for its right itself: without it, it is not there."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from laces.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from accounts.models import User
from core.models import SellerSettings
from home.dashboard import figures
from home.dashboard.charts import draw_chart
from home.newsletter.models import Mailing
from home.readers.counting import list_most_read

logger = logging.getLogger(__name__)

READ_DAYS = 7


class DashboardPanel(Component):
    """A panel for those who have its permission. One that fails says so and leaves the others alone."""

    permission = ""

    def may_see(self, user: User | AnonymousUser) -> bool:
        """Whether the panel is for this user."""
        return user.has_perm(self.permission)

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """What the template shows."""
        raise NotImplementedError

    def render_html(self, parent_context: Any = None) -> SafeString:
        """The panel, or nothing."""
        request: HttpRequest = parent_context["request"]
        if not self.may_see(request.user):
            return SafeString()
        try:
            with transaction.atomic():
                context = self.get_figures(request)
        except DatabaseError:
            logger.exception("A panel of the dashboard failed: %s", type(self).__name__)
            return render_to_string("home/dashboard/failed.html", {}, request=request)
        return render_to_string(self.template_name, context, request=request)


class TodayPanel(DashboardPanel):
    """Orders and deliveries of today."""

    permission = "shop.view_order"
    template_name = "home/dashboard/today.html"
    order = 50

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """Two queries."""
        return {"today": figures.get_today()}


class SalesPanel(DashboardPanel):
    """Thirty days as bars, and as a table for those who cannot see them."""

    permission = "shop.view_order"
    template_name = "home/dashboard/sales.html"
    order = 60

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """One query."""
        days = figures.list_sales(timezone.localdate())
        return {
            "days": days,
            "chart": draw_chart(days),
            "total": sum(day.total for day in days),
            "orders": sum(day.orders for day in days),
        }


class StockPanel(DashboardPanel):
    """What runs out, and what runs off."""

    permission = "shop.view_lot"
    template_name = "home/dashboard/stock.html"
    order = 70

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """Three queries at most."""
        today, settings = timezone.localdate(), SellerSettings.for_request(request)
        return {
            "packs": figures.list_low_packs(today, most=settings.low_stock),
            "lots": figures.list_ending_lots(today, days=settings.soon_days),
            "today": today,
            "settings": settings,
        }


class TranslationsPanel(DashboardPanel):
    """What cannot be read in the other language."""

    template_name = "home/dashboard/translations.html"
    order = 80

    def may_see(self, user: User | AnonymousUser) -> bool:
        """Those who write pages."""
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_any_permission(user, {"add", "change", "publish"}))

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """Two queries."""
        return {"untranslated": figures.find_untranslated()}


class MailingsPanel(DashboardPanel):
    """How far the newsletters are that are being sent."""

    permission = "home.view_mailing"
    template_name = "home/dashboard/mailings.html"
    order = 90

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """One query."""
        return {"mailings": Mailing.objects.under_way().with_counts()[: figures.LISTED]}


class ReadersPanel(DashboardPanel):
    """What people read most."""

    permission = "wagtailadmin.access_admin"
    template_name = "home/dashboard/readers.html"
    order = 85

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """Two queries."""
        pages = list_most_read(timezone.localdate(), days=READ_DAYS, most=figures.LISTED)
        return {"pages": pages, "days": READ_DAYS}


class InterestPanel(DashboardPanel):
    """From a look to an order, berry by berry."""

    permission = "shop.view_berry"
    template_name = "home/dashboard/interest.html"
    order = 65

    def get_figures(self, request: HttpRequest) -> dict[str, Any]:
        """Four queries."""
        return {
            "rows": figures.list_berry_interest(timezone.localdate(), days=READ_DAYS),
            "days": READ_DAYS,
        }


PANELS: tuple[Callable[[], DashboardPanel], ...] = (
    TodayPanel,
    SalesPanel,
    InterestPanel,
    StockPanel,
    TranslationsPanel,
    ReadersPanel,
    MailingsPanel,
)
