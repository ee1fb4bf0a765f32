"""Why an order was not placed: a code for programs, a sentence for people, perhaps a field of the form."""

from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from core.money import format_money
from shop.cart.viewing import CartView
from shop.delivery.models import DeliveryZone
from shop.orders.models import Order
from shop.vouchers.reasons import VoucherRefused


class CheckoutRefused(Exception):
    """An order could not be placed; nothing was taken, and what the shopper entered is still good."""

    code: ClassVar[str]
    field: ClassVar[str | None] = None

    @property
    def message(self) -> str:
        """What happened and what to do, in the active language."""
        raise NotImplementedError


class CartEmpty(CheckoutRefused):
    """There is nothing to buy."""

    code = "cart_empty"

    @property
    def message(self) -> str:
        return _("Your cart is empty.")


class CartChanged(CheckoutRefused):
    """The cart is not what the shopper saw, or has lines that can't be bought as they stand."""

    code = "cart_changed"

    def __init__(self, cart: CartView) -> None:
        self.lines = [line for line in cart.lines if line.problem]
        super().__init__(f"{len(self.lines)} lines of the cart have a problem")

    @property
    def message(self) -> str:
        return _(
            "Your cart has changed since you opened this page. Please check it and confirm the order again."
        )


class TotalChanged(CheckoutRefused):
    """The order would cost something else than the shopper saw."""

    code = "total_changed"

    def __init__(self, *, shown: Decimal, now: Decimal) -> None:
        super().__init__(f"The total was {shown} and is {now}")
        self.shown, self.now = shown, now

    @property
    def message(self) -> str:
        sums = {"shown": format_money(self.shown), "now": format_money(self.now)}
        return (
            _("The total was %(shown)s, now it is %(now)s. Please check the order and confirm it again.")
            % sums
        )


class ZoneUnknown(CheckoutRefused):
    """Nobody delivers there."""

    code = "zone_unknown"
    field = "zone"

    @property
    def message(self) -> str:
        return _("Choose where we should deliver.")


class ZoneMismatch(CheckoutRefused):
    """The address belongs to another area than the chosen one, which has a price of its own."""

    code = "zone_mismatch"
    field = "zone"

    def __init__(self, *, zone: DeliveryZone, price: Decimal) -> None:
        super().__init__(f"The address is in {zone.code}")
        self.zone, self.price = zone, price

    @property
    def message(self) -> str:
        words = {"zone": self.zone.name, "price": format_money(self.price)}
        return (
            _("This address is in the area “%(zone)s”, delivery %(price)s. Choose it, or check the address.")
            % words
        )


class OrderTooSmall(CheckoutRefused):
    """The zone asks for a larger order."""

    code = "below_minimum"
    field = "zone"

    def __init__(self, *, min_order: Decimal) -> None:
        super().__init__(f"The least order is {min_order}")
        self.min_order = min_order

    @property
    def message(self) -> str:
        least = format_money(self.min_order)
        return _("We deliver here from %(least)s. Add some more berries or choose another area.") % {
            "least": least
        }


class OrderTooLarge(CheckoutRefused):
    """No payment provider takes that much at once."""

    code = "total_too_large"

    @property
    def message(self) -> str:
        return _("We can't take so large a payment at once. Please split the order in two.")


class TotalTooSmall(CheckoutRefused):
    """A voucher leaves so little to pay that no payment provider takes it."""

    code = "total_too_small"

    def __init__(self, *, least: Decimal) -> None:
        super().__init__(f"The least payment is {least}")
        self.least = least

    @property
    def message(self) -> str:
        return _(
            "With the promo code there is less than %(least)s left to pay, and we can't take that. "
            "Add some more berries, or order without the promo code."
        ) % {"least": format_money(self.least)}


class VoucherGone(CheckoutRefused):
    """The voucher on the cart can't be used (any more)."""

    def __init__(self, refusal: VoucherRefused) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.code = f"voucher_{refusal.reason}"  # type: ignore[misc]  # one class for all reasons

    @property
    def message(self) -> str:
        return self.refusal.message


class SlotGone(CheckoutRefused):
    """The slot is full, or too near, or not there."""

    code = "slot_taken"
    field = "slot"

    @property
    def message(self) -> str:
        return _("There is no place left in this delivery window. Please choose another one.")


class ConsentRequired(CheckoutRefused):
    """The current documents were not agreed to."""

    code = "consent_required"

    @property
    def message(self) -> str:
        return _("Please agree to the offer and to the processing of your personal data.")


class IdempotencyConflict(CheckoutRefused):
    """Another order was placed under the same key."""

    code = "idempotency_conflict"

    def __init__(self, order: Order) -> None:
        super().__init__(f"The key belongs to order {order}")
        self.order = order

    @property
    def message(self) -> str:
        number = self.order.number
        return _("This form has already become order %(number)s. To order more, open the checkout anew.") % {
            "number": number
        }
