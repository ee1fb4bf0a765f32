"""Berry pages in the Wagtail admin: columns, a side panel, and the way from a record to its page."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets import ListingButton
from wagtail.models import Page
from wagtail.permissions import policy_registry

from shop.catalog.explorer import BerryPageViewSet, CategoryPageViewSet
from shop.catalog.models import Berry


@hooks.register("register_admin_viewset")
def register_pages() -> list[PageViewSet]:
    """The explorer's columns and the editor's side panel."""
    return [BerryPageViewSet("berry_pages"), CategoryPageViewSet("category_pages")]


@hooks.register("register_snippet_listing_buttons")
def offer_page(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[ListingButton]:
    """A button beside each berry: to its page, or to a new one with what the record knows filled in."""
    if not isinstance(snippet, Berry) or not hasattr(snippet, "catalog_id"):
        return
    if not policy_registry.get_by_type(Page).user_has_any_permission(user, {"add", "change"}):
        return
    if page_id := getattr(snippet, "page_id", None):
        url = reverse("wagtailadmin_pages:edit", args=[page_id])
        yield ListingButton(_("Edit the page"), url, icon_name="edit", priority=20)
    elif snippet.catalog_id:
        url = reverse("wagtailadmin_pages:add", args=["shop", "berrypage", snippet.catalog_id])
        yield ListingButton(_("Write its page"), f"{url}?berry={snippet.pk}", icon_name="plus", priority=20)
