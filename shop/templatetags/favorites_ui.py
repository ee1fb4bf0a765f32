"""The heart that keeps a berry for later, and the form of those who want to be told that it is back."""

from typing import Any

from django import template
from django.template.context import Context

from accounts.access import get_shopper
from shop.catalog.choices import SeasonState
from shop.catalog.models import Berry
from shop.favorites.hearts import get_request_favorites
from shop.favorites.models import Waiting
from shop.favorites.waiting import list_berry_waits

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


@register.inclusion_tag("shop/favorites/tell_me.html", takes_context=True)
def tell_me(context: Context, berry: Berry, *, season_state: str) -> dict[str, Any]:
    """The form for a berry that can't be had now, and what the visitor waits for already. One query."""
    request = context["request"]
    shopper = get_shopper(request)
    waits = list_berry_waits(shopper, berry.pk) if shopper else []
    kept = {waiting.moment for waiting in waits}
    is_over = season_state in {SeasonState.OUT_OF_SEASON, SeasonState.STARTS_SOON}
    offered = Waiting.Moment if is_over else [Waiting.Moment.STOCK]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "berry": berry,
        "next": request.path,
        "is_guest": not request.user.is_authenticated,
        "waits": waits,
        "moments": [(moment.value, moment.label) for moment in offered if moment not in kept],
    }
