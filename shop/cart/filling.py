"""Putting several packs into the cart with one click."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from shop.cart.services import PackUnknown, add_as_many, lock_cart


@transaction.atomic
def fill_cart(*, user: User, wanted: Mapping[int, int]) -> dict[int, int]:
    """Add packs (pack → how many), each as far as stock and the cart's limit allow; what was added of each.

    A pack that is no longer sold adds nothing. Raises QuantityInvalid, and then adds nothing at all.
    """
    lock_cart(user)
    return {pack_id: _add(user, pack_id, quantity) for pack_id, quantity in sorted(wanted.items())}


def _add(user: User, pack_id: int, quantity: int) -> int:
    try:
        return add_as_many(user=user, pack_id=pack_id, quantity=quantity)
    except PackUnknown:
        return 0
