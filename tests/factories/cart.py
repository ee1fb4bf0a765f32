"""Carts for tests."""

from decimal import Decimal

from accounts.models import User
from shop.cart.models import CartLine
from shop.cart.services import add_to_cart
from shop.catalog.models import Lot, Pack
from tests.factories.catalog import PackFactory


def put_in_cart(user: User, *, quantity: int = 1, stock: int = 10, price: str = "390.00", **pack) -> CartLine:
    """A line of a new berry that has so many packs in stock, put in the way shoppers do it."""
    line = add_to_cart(
        user=user, pack_id=PackFactory(stock=stock, price=Decimal(price), **pack).pk, quantity=quantity
    )
    return CartLine.objects.get(pk=line.pk)


def leave_in_stock(pack: Pack, left: int) -> None:
    """Make it so many packs that are left."""
    first, *others = pack.lots.order_by("pk")
    Lot.objects.filter(pk=first.pk).update(left=left, received=max(first.received, left))
    Lot.objects.filter(pk__in=[lot.pk for lot in others]).update(left=0)
