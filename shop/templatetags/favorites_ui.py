"""The heart that keeps a berry for later."""

from typing import Any

from django import template
from django.template.context import Context

from shop.favorites.hearts import get_request_favorites

register = template.Library()


@register.inclusion_tag("components/heart.html", takes_context=True)
def heart(context: Context, *, berry_id: int, title: str = "", next: str = "") -> dict[str, Any]:  # noqa: A002
    """The heart of one berry, pressed where it is a favorite. All hearts of a page share one query."""
    request = context.get("request")
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "berry_id": berry_id,
        "title": title,
        "next": next,
        "is_favorite": request is not None and berry_id in get_request_favorites(request),
    }
