"""The button that puts a berry into the cart."""

from typing import Any

from django import template
from django.template.context import Context

from shop.cart.quantities import get_request_quantities

register = template.Library()


@register.inclusion_tag("components/add_to_cart.html", takes_context=True)
def add_to_cart(
    context: Context,
    *,
    pack_id: int,
    left: int,
    title: str = "",
    next: str = "",  # noqa: A002 -- the name of the form field
) -> dict[str, Any]:
    """The button, or the stepper where the pack is in the cart. All buttons of a page share one query."""
    request = context.get("request")
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "pack_id": pack_id,
        "left": left,
        "title": title,
        "next": next,
        "in_cart": get_request_quantities(request).get(pack_id, 0) if request else 0,
    }
