"""Which packs to buy for a weight of a berry."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from shop.catalog.services import Offer

MOST_PACKS = 20  # of one size, for one dish
Choice = dict[int, int]


def choose_packs(offers: Sequence[Offer], grams: int) -> Choice:
    """The cheapest packs in stock that hold at least so many grams: pack → how many.

    Where all of them hold less, all of them.
    """
    # The cheapest way to each weight that can be reached; whatever is above the wish counts as the wish.
    ways: dict[int, tuple[Decimal, Choice]] = {0: (Decimal(0), {})}
    for offer in offers:
        limit = min(offer.left, ceil(grams / offer.weight_g), MOST_PACKS)
        for held, (price, choice) in list(ways.items()):
            for number in range(1, limit + 1):
                weight = min(grams, held + number * offer.weight_g)
                cost = price + number * offer.price
                if weight not in ways or cost < ways[weight][0]:
                    ways[weight] = (cost, choice | {offer.pack_id: number})
    return ways[max(ways)][1]


def weigh(offers: Sequence[Offer], choice: Choice) -> int:
    """How many grams the packs hold."""
    return sum(choice.get(offer.pack_id, 0) * offer.weight_g for offer in offers)


def price(offers: Sequence[Offer], choice: Choice) -> Decimal:
    """What the packs cost."""
    return sum((choice.get(offer.pack_id, 0) * offer.price for offer in offers), Decimal(0))
