"""What an order would cost now, and a way to tell whether it is still what the shopper saw."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from shop.cart.viewing import CartView, view_cart
from shop.delivery.models import DeliveryZone
from shop.delivery.services import quote_delivery
from shop.vouchers.services import AppliedVoucher


@dataclass(frozen=True, slots=True)
class Quote:
    """The cart with delivery to a zone; without a zone yet, delivery counts for nothing.

    What a zone asks for (its least order, free delivery from a sum) is asked of the berries before a voucher.
    """

    cart: CartView
    zone: DeliveryZone | None

    @property
    def goods_total(self) -> Decimal:
        """The sum of what can be bought, before a voucher."""
        return self.cart.goods_total

    @property
    def voucher(self) -> AppliedVoucher | None:
        """The voucher, if there is one that counts."""
        voucher = self.cart.voucher
        return voucher if voucher and voucher.refusal is None else None

    @property
    def discount(self) -> Decimal:
        """What the voucher takes off the berries."""
        return self.cart.discount

    @property
    def full_delivery_price(self) -> Decimal:
        """What bringing it costs without a voucher."""
        return quote_delivery(zone=self.zone, goods_total=self.goods_total) if self.zone else Decimal(0)

    @property
    def delivery_price(self) -> Decimal:
        """What bringing it costs."""
        is_free = self.voucher is not None and self.voucher.frees_delivery
        return Decimal("0.00") if is_free else self.full_delivery_price

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.goods_total - self.discount + self.delivery_price

    @property
    def missing(self) -> Decimal:
        """How much is lacking to the zone's least order; zero where nothing is."""
        return max(self.zone.min_order - self.goods_total, Decimal(0)) if self.zone else Decimal(0)

    @property
    def basket(self) -> str:
        """The fingerprint of what would be bought."""
        return sign_basket((line.pack_id, line.quantity) for line in self.cart.buyable)


def make_quote(*, user: User, zone: DeliveryZone | None, language: str) -> Quote:
    """What the user's cart costs now, delivered to the zone."""
    return Quote(cart=view_cart(user, language), zone=zone)


def sign_basket(packs: Iterable[tuple[int, int]]) -> str:
    """A fingerprint of packs and their quantities, whatever their order; empty for an empty basket."""
    text = ",".join(f"{pack_id}:{quantity}" for pack_id, quantity in sorted(packs))
    return hashlib.sha256(text.encode()).hexdigest()[:32] if text else ""
