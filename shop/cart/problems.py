"""What can be wrong with a line of the cart, as a type for programs and a sentence for people."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_money
from shop.catalog.services import Offer


class ProblemKind(StrEnum):
    """All but a changed price keep a line from being bought as it stands."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    ONLY_LEFT = "only_left"
    PRICE_CHANGED = "price_changed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one line. `left` and the prices are set where they belong to the kind."""

    kind: ProblemKind
    message: str
    left: int | None = None
    old_price: Decimal | None = None
    new_price: Decimal | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether the line can't be bought until the shopper does something about it."""
        return self.kind is not ProblemKind.PRICE_CHANGED


def find_problem(*, offer: Offer | None, quantity: int, price_seen: Decimal) -> Problem | None:
    """The worst problem of a line with so many packs, added at `price_seen`; None where all is well."""
    if offer is None or not offer.is_for_sale:
        return Problem(ProblemKind.GONE, _("We no longer sell this berry. It is not counted in the total."))
    if offer.left <= 0:
        return Problem(ProblemKind.SOLD_OUT, _("Sold out for now. It is not counted in the total."), left=0)
    if offer.left < quantity:
        return Problem(ProblemKind.ONLY_LEFT, describe_shortage(offer.left), left=offer.left)
    if offer.price != price_seen:
        prices = {"old": format_money(price_seen), "new": format_money(offer.price)}
        message = _("The price has changed: it was %(old)s, now it is %(new)s.") % prices
        return Problem(ProblemKind.PRICE_CHANGED, message, old_price=price_seen, new_price=offer.price)
    return None


def describe_shortage(left: int) -> str:
    """How many packs are left, for a line that asks for more."""
    return ngettext(
        "Only %(left)s pack is left. The line is not counted in the total until you take fewer.",
        "Only %(left)s packs are left. The line is not counted in the total until you take fewer.",
        left,
    ) % {"left": left}
