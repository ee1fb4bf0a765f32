"""Tags of the editors' pages: what their blocks ask of the shop and the journal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import AbstractImage

from core.languages import get_active_language
from core.models import find_url
from core.templatetags.ui import site_path
from home.journal.cards import ArticleCard, build_article_cards, find_articles
from home.pages import services
from home.pages.blocks.berries import Rule
from home.pages.blocks.link import Place
from home.pages.menus import Menu, get_menu
from shop.catalog.cards import Card, build_cards
from shop.catalog.models import Berry
from shop.catalog.renditions import Picture, load_pictures
from shop.delivery.models import DeliveryZone

register = template.Library()


def get_request(context: Context) -> HttpRequest | None:
    """The request of the page; none in the preview of a single block."""
    request: HttpRequest | None = context.get("request")
    return request


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> Menu:
    """The menus of this request: `.header` and `.footer`, lists of links."""
    return get_menu(context["request"])


@register.simple_tag(takes_context=True)
def link_url(context: Context, link: Mapping[str, Any]) -> str:
    """Where a button leads in the visitor's language; nothing where its page is gone."""
    place, request = link.get("place"), get_request(context)
    if place == Place.PAGE:
        return find_url(link.get("page"))
    if place == Place.ADDRESS:
        return str(link.get("address") or "")
    if place == Place.SEASON:
        return reverse("shop:season-calendar")
    if place == Place.ABOUT:
        return next((entry.url for entry in get_menu(request).footer), "") if request else ""
    return site_path(f"{place}/") if place else ""


@register.simple_tag
def block_picture(image: AbstractImage | None) -> Picture | None:
    """The picture of an image in all its sizes."""
    return load_pictures([image]).get(image.pk) if image else None


@register.simple_tag(takes_context=True)
def shown_berries(context: Context, block: Mapping[str, Any]) -> list[Card]:
    """The cards of a block of berries."""
    wish = services.Wish(
        rule=Rule(block["rule"]),
        count=block["count"],
        category=block["category"],
        berries=[berry for berry in block["berries"] if berry is not None],
    )
    pages = services.find_berry_pages(wish, get_active_language(), timezone.localdate())
    return build_cards(pages, get_request(context))


@register.simple_tag(takes_context=True)
def seasonal_berries(context: Context, berries: Iterable[Berry | None]) -> list[services.SeasonalBerry]:
    """The rows of a season strip."""
    chosen = [berry for berry in berries if berry is not None]
    language, today = get_active_language(), timezone.localdate()
    return services.list_seasonal_berries(chosen, language, today, get_request(context))


@register.simple_tag(takes_context=True)
def category_tiles(context: Context) -> list[services.CategoryTile]:
    """A tile for each category."""
    pages = services.find_category_pages(get_active_language())
    return services.build_tiles(pages, get_request(context))


@register.simple_tag(takes_context=True)
def newest_articles(context: Context, count: int) -> Sequence[ArticleCard]:
    """The newest of the journal."""
    return build_article_cards(list(find_articles(get_active_language())[:count]), get_request(context))


@register.simple_tag
def delivery_zones() -> list[DeliveryZone]:
    """Where the shop delivers."""
    return list(DeliveryZone.objects.filter(is_active=True))
