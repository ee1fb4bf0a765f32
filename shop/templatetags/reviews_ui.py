"""What buyers say, on the berry's page."""

from typing import Any

from django import template
from django.template.context import Context

from shop.catalog.models import Berry
from shop.reviews.services import Reputation
from shop.reviews.structured import get_reputation

register = template.Library()


@register.simple_tag(takes_context=True)
def reputation(context: Context, berry: Berry) -> Reputation | None:
    """The berry's marks and reviews, read once a request; None where there are none."""
    return get_reputation(context["request"], berry.pk)


@register.inclusion_tag("shop/reviews/reviews.html", takes_context=True)
def reviews(context: Context, berry: Berry) -> dict[str, Any]:
    """The section with all reviews of the berry, and the way to write one."""
    return {"berry": berry, "reputation": get_reputation(context["request"], berry.pk)}
