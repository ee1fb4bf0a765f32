"""What counters of visits are told, where an owner has switched one on: facts of the shop, nobody's name."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core.publicity import get_publicity
from core.templatetags.ui import JSON_ESCAPES
from shop.catalog.services import Offer
from shop.orders.measuring import describe_purchase
from shop.orders.models import Order

register = template.Library()


def write_fact(fact: dict[str, Any]) -> SafeString:
    """The fact as a block of data that our script reads."""
    text = json.dumps(fact, ensure_ascii=False).translate(JSON_ESCAPES)
    return format_html('<script type="application/json" data-measured>{}</script>', mark_safe(text))  # noqa: S308 -- escaped above


@register.simple_tag
def measure_detail(page: Page, offer: Offer | None) -> str:
    """That the page of a berry was looked at."""
    if offer is None or not get_publicity().counts:
        return ""
    product = {
        "id": str(offer.pack_id),
        "name": page.title,
        "category": page.berry.kind,
        "variant": f"{offer.weight_g} g",
        "price": float(offer.price),
    }
    return write_fact({"event": "detail", "products": [product]})


@register.simple_tag
def measure_purchase(order: Order) -> str:
    """That an order was paid; its page tells it each time, our script passes it on once."""
    if not order.paid_at or not get_publicity().counts:
        return ""
    return write_fact(describe_purchase(order))
