"""The count of the cart, in the header of every page."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from shop.cart.quantities import count_packs


def cart(request: HttpRequest) -> dict[str, Any]:
    """`cart_count`: packs in the cart, asked for only where a template shows it."""
    return {"cart_count": partial(count_packs, request)}
