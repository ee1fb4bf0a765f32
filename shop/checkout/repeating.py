"""An order once more: its packs into the cart, at today's prices, with a word about each that did not fit."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from shop.cart.filling import fill_cart
from shop.cart.models import MAX_QUANTITY
from shop.cart.services import get_pack_quantities, lock_cart
from shop.catalog.services import Offer, get_offers
from shop.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What a pack cost then, and costs now."""

    title: str
    then: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A pack of which fewer went into the cart than were ordered: so many of so many."""

    title: str
    got: int
    wanted: int


@dataclass(slots=True)
class RepeatReport:
    """What became of an order's lines: `added` packs in all; the other lists name what is not as it was."""

    added: int = 0
    is_complete: bool = True
    gone: list[str] = field(default_factory=list)
    sold_out: list[str] = field(default_factory=list)
    short: list[Shortfall] = field(default_factory=list)
    new_prices: list[NewPrice] = field(default_factory=list)


@transaction.atomic
def repeat_order(*, user: User, order: Order) -> RepeatReport:
    """See that the cart holds at least what was ordered, as far as there is stock; what became of each line.

    What is in the cart already counts, so a second click adds nothing. The order comes with its lines.
    """
    lock_cart(user)
    in_cart = get_pack_quantities(user)
    lines = list(order.lines.all())
    goals = {line.pack_id: min(line.quantity, MAX_QUANTITY) for line in lines}
    missing = {pack: goal - in_cart.get(pack, 0) for pack, goal in goals.items()}
    added = fill_cart(user=user, wanted={pack: number for pack, number in missing.items() if number > 0})
    offers = get_offers(goals)
    report = RepeatReport(added=sum(added.values()))
    for line in lines:
        got = min(goals[line.pack_id], in_cart.get(line.pack_id, 0) + added.get(line.pack_id, 0))
        _report(report, line, offers.get(line.pack_id), got=got, wanted=goals[line.pack_id])
    return report


def _report(report: RepeatReport, line: OrderLine, offer: Offer | None, *, got: int, wanted: int) -> None:
    """Say of one line what is not as it was."""
    report.is_complete = report.is_complete and got == wanted
    if offer is None or not offer.is_for_sale:
        report.gone.append(line.title)
    elif got == 0:
        report.sold_out.append(line.title)
    elif got < wanted:
        report.short.append(Shortfall(line.title, got, wanted))
    if got and offer and offer.price != line.price:
        report.new_prices.append(NewPrice(line.title, line.price, offer.price))
