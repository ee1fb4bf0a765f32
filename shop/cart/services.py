"""The cart: every change of it.

Changes lock the cart's row first, so two tabs at once never lose or double a line.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from shop.cart.models import MAX_QUANTITY, Cart, CartLine
from shop.catalog.services import Offer, get_offers


class PackUnknown(Exception):
    """There is no such pack, or it is no longer sold."""

    def __init__(self, pack_id: int) -> None:
        super().__init__(f"Pack {pack_id} is not sold")
        self.pack_id = pack_id


class QuantityInvalid(Exception):
    """Not a number of packs that a cart can hold."""

    def __init__(self, quantity: int) -> None:
        super().__init__(f"{quantity} is not between 1 and {MAX_QUANTITY}")
        self.quantity = quantity


class NotEnough(Exception):
    """More than `left`, the most of this pack that one cart may hold now; nothing was changed."""

    def __init__(self, *, pack_id: int, left: int, in_cart: int) -> None:
        super().__init__(f"Only {left} of pack {pack_id} can be had")
        self.pack_id, self.left, self.in_cart = pack_id, left, in_cart

    @property
    def is_cap(self) -> bool:
        """Whether the shop's own limit for a cart was met, and not the stock."""
        return self.left >= MAX_QUANTITY


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """What a line was, so that it can be put back."""

    pack_id: int
    quantity: int
    price_seen: Decimal


def get_cart(user: User) -> Cart:
    """The user's cart, made when it is asked for first."""
    cart, _created = Cart.objects.get_or_create(user=user)
    return cart


def lock_cart(user: User) -> Cart:
    """The user's cart, locked until the transaction ends. It is the first lock of every money path."""
    return Cart.objects.select_for_update().get(pk=get_cart(user).pk)


def get_pack_quantities(user: User) -> dict[int, int]:
    """How many of each pack are in the user's cart."""
    return dict(CartLine.objects.for_user(user).values_list("pack_id", "quantity"))


def get_quantities(user: User) -> dict[int, int]:
    """How many packs of each berry are in the user's cart, whatever their size."""
    return CartLine.objects.for_user(user).sum_by_berry()


@transaction.atomic
def add_to_cart(
    *, user: User, pack_id: int, quantity: int = 1, price_seen: Decimal | None = None
) -> CartLine:
    """Put so many packs more into the cart.

    `price_seen` is what a new line cost when the shopper saw it last, if that was not just now.
    Raises QuantityInvalid, PackUnknown or NotEnough, and then changes nothing.
    """
    check_quantity(quantity)
    cart = lock_cart(user)
    offer = get_sold_offer(pack_id)
    line = cart.lines.filter(pack_id=pack_id).first()
    in_cart = line.quantity if line else 0
    check_stock(offer, wanted=in_cart + quantity, in_cart=in_cart)
    if line is None:
        seen = offer.price if price_seen is None else price_seen
        return cart.lines.create(pack_id=pack_id, quantity=quantity, price_seen=seen)
    line.quantity += quantity
    line.save(update_fields=["quantity"])
    return line


@transaction.atomic
def set_quantity(*, user: User, pack_id: int, quantity: int, price_shown: Decimal | None = None) -> CartLine:
    """Make it exactly so many packs, adding the line where there is none.

    `price_shown` is the price that the shopper had before their eyes: where it is today's price, a change
    of it counts as seen. Raises QuantityInvalid, PackUnknown or NotEnough, and then changes nothing.
    """
    check_quantity(quantity)
    cart = lock_cart(user)
    offer = get_sold_offer(pack_id)
    line = cart.lines.filter(pack_id=pack_id).first()
    check_stock(offer, wanted=quantity, in_cart=line.quantity if line else 0)
    if line is None:
        return cart.lines.create(pack_id=pack_id, quantity=quantity, price_seen=offer.price)
    line.quantity = quantity
    if price_shown == offer.price:
        line.price_seen = offer.price
    line.save(update_fields=["quantity", "price_seen"])
    return line


@transaction.atomic
def accept_price(*, user: User, pack_id: int, price_shown: Decimal) -> bool:
    """Note that the shopper has seen the new price; False where that is no longer the price."""
    cart = lock_cart(user)
    offer = get_sold_offer(pack_id)
    if offer.price != price_shown:
        return False
    return bool(cart.lines.filter(pack_id=pack_id).update(price_seen=offer.price))


@transaction.atomic
def remove_line(*, user: User, pack_id: int) -> RemovedLine | None:
    """Take the pack out of the cart; what it was, or None where it was not there."""
    line = lock_cart(user).lines.filter(pack_id=pack_id).first()
    if line is None:
        return None
    line.delete()
    return describe_removed(line)


@transaction.atomic
def clear_cart(*, user: User) -> list[RemovedLine]:
    """Empty the cart; what was in it."""
    lines = lock_cart(user).lines.all()
    removed = [describe_removed(line) for line in lines]
    lines.delete()
    return removed


def describe_removed(line: CartLine) -> RemovedLine:
    """What the line was."""
    return RemovedLine(pack_id=line.pack_id, quantity=line.quantity, price_seen=line.price_seen)


@transaction.atomic
def add_as_many(*, user: User, pack_id: int, quantity: int, price_seen: Decimal | None = None) -> int:
    """Add so many packs, or as many as there are; how many it was. Raises QuantityInvalid or PackUnknown."""
    try:
        add_to_cart(user=user, pack_id=pack_id, quantity=quantity, price_seen=price_seen)
    except NotEnough as refusal:
        quantity = max(0, refusal.left - refusal.in_cart)
        if quantity:
            add_to_cart(user=user, pack_id=pack_id, quantity=quantity, price_seen=price_seen)
    return quantity


@transaction.atomic
def restore_lines(*, user: User, lines: list[RemovedLine]) -> bool:
    """Put removed lines back, each as far as stock allows; whether all of it came back.

    A price that changed meanwhile still shows: nobody has seen the new one.
    """
    missing = 0
    for line in lines:
        try:
            missing += line.quantity - add_as_many(
                user=user, pack_id=line.pack_id, quantity=line.quantity, price_seen=line.price_seen
            )
        except PackUnknown:
            missing += line.quantity
    return missing == 0


def check_quantity(quantity: int) -> None:
    """Raise QuantityInvalid unless a cart can hold so many."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityInvalid(quantity)


def check_stock(offer: Offer, *, wanted: int, in_cart: int) -> None:
    """Raise NotEnough where stock, or the limit of a cart, is below what is wanted."""
    most = min(offer.left, MAX_QUANTITY)
    if wanted > most:
        raise NotEnough(pack_id=offer.pack_id, left=most, in_cart=in_cart)


def get_sold_offer(pack_id: int) -> Offer:
    """What is known of the pack now. Raises PackUnknown where it isn't sold."""
    offer = get_offers([pack_id]).get(pack_id)
    if offer is None or not offer.is_for_sale:
        raise PackUnknown(pack_id)
    return offer
