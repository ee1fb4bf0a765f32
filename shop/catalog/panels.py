"""What editors of words see of the facts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.panels import Panel

from shop.catalog.models import Berry
from shop.catalog.seasons import name_months
from shop.catalog.services import list_offers


class BerryFactsPanel(Panel):
    """Price, stock and season of a page's berry at this moment, read-only: they are changed on the record."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "shop/catalog/admin/berry_facts.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the berry, its offers and, for those who may change them, the way to the record."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | describe_berry(self.instance, self.request)


def describe_berry(page: Any, request: HttpRequest | None) -> dict[str, Any]:
    """The berry, its offers and, for those who may change them, the way to the record."""
    if page.berry_id is None:
        return {"berry": None}
    berry = page.berry
    may_change = request is not None and request.user.has_perm("shop.change_berry")
    return {
        "berry": berry,
        "offers": list_offers([berry.pk])[berry.pk],
        "season": name_months(berry.season_months),
        "edit_url": reverse("wagtailsnippets_shop_berry:edit", args=[berry.pk]) if may_change else "",
    }


def describe_category(page: Any, request: HttpRequest | None) -> dict[str, Any]:
    """The category, how many berries are in it, and, for those who may change it, the way to the record."""
    if page.category_id is None:
        return {"category": None}
    may_change = request is not None and request.user.has_perm("shop.change_category")
    url = reverse("wagtailsnippets_shop_category:edit", args=[page.category_id]) if may_change else ""
    count = Berry.objects.filter(categories=page.category_id, is_active=True).count()
    return {"category": page.category, "count": count, "edit_url": url}
