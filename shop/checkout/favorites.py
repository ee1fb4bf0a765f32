"""From the wish list into the cart: the two may not know each other, so this stands above both."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from shop.cart.services import PackUnknown, add_as_many, get_quantities
from shop.catalog.models import Pack
from shop.favorites.services import get_favorite_ids


@dataclass(frozen=True, slots=True)
class CartReport:
    """Ids of the berries that went into the cart, were there already, or could not be had."""

    added: list[int]
    present: list[int]
    unavailable: list[int]


@transaction.atomic
def put_favorites_into_cart(*, user: User, berry_ids: set[int] | None = None) -> CartReport:
    """One pack of each favorite (or of those named) into the cart; what is there already stays as it is."""
    wanted = get_favorite_ids(user) if berry_ids is None else get_favorite_ids(user) & berry_ids
    present = wanted & get_quantities(user).keys()
    packs = choose_packs(wanted - present)
    # In key order, like every lock.
    added = [berry_id for berry_id, pack_id in sorted(packs.items()) if add_one(user, pack_id)]
    return CartReport(added=added, present=sorted(present), unavailable=sorted(wanted - present - set(added)))


def choose_packs(berry_ids: set[int]) -> dict[int, int]:
    """The pack of each berry that one click buys: in stock, the default one before others."""
    packs = Pack.objects.for_sale().in_stock(timezone.localdate()).filter(berry__in=berry_ids)
    chosen = packs.order_by("berry_id", "-is_default", "weight_g", "pk").distinct("berry_id")
    return dict(chosen.values_list("berry_id", "pk"))


def add_one(user: User, pack_id: int) -> bool:
    """Put one pack into the cart; whether there was one."""
    try:
        return add_as_many(user=user, pack_id=pack_id, quantity=1) > 0
    except PackUnknown:
        return False
