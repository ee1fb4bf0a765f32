"""A change of the cart as counters of visits are told of it."""

from typing import Any

from django.utils.translation import get_language

from core.publicity import get_publicity
from shop.catalog.cards import get_titles
from shop.catalog.services import get_offer


def describe_change(pack_id: int, change: int) -> dict[str, Any] | None:
    """So many packs more, or fewer where negative; nothing where nobody counts, which asks nothing."""
    if not change or not get_publicity().counts:
        return None
    offer = get_offer(pack_id)
    if offer is None:
        return None
    title = get_titles([offer.berry_id], get_language() or "ru")[offer.berry_id].title
    product = {
        "id": str(pack_id),
        "name": title,
        "variant": f"{offer.weight_g} g",
        "price": float(offer.price),
        "quantity": abs(change),
    }
    return {"event": "add" if change > 0 else "remove", "products": [product]}
