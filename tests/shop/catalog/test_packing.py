from decimal import Decimal

import pytest

from shop.catalog.packing import choose_packs
from shop.catalog.services import Offer


def make_offer(pack_id, weight_g, price, left=10):
    return Offer(
        pack_id=pack_id,
        berry_id=1,
        price=Decimal(price),
        currency="RUB",
        weight_g=weight_g,
        price_per_kg=Decimal(1),
        left=left,
        is_for_sale=True,
        is_in_season=True,
        harvested_on=None,
        best_before=None,
        farm="",
    )


SIZES = [make_offer(1, 250, 200), make_offer(2, 500, 350), make_offer(3, 1000, 600)]


@pytest.mark.parametrize(
    ("grams", "choice"),
    [
        (5, {1: 1}),
        (250, {1: 1}),
        (300, {2: 1}),  # 350 ₽, two small ones would be 400 ₽
        (750, {1: 1, 2: 1}),
        (900, {3: 1}),
        (1600, {1: 1, 2: 1, 3: 1}),  # 1,150 ₽, two large ones would be 1,200 ₽
    ],
)
def test_takes_the_cheapest_packs_that_hold_enough(grams, choice):
    assert choose_packs(SIZES, grams) == choice


def test_takes_no_more_than_there_is():
    few = [make_offer(1, 250, 200, left=1), make_offer(2, 500, 350, left=0)]

    assert choose_packs(few, 1000) == {1: 1}


def test_takes_nothing_where_there_is_nothing():
    assert choose_packs([], 500) == {}
    assert choose_packs([make_offer(1, 250, 200, left=0)], 500) == {}


def test_a_party_for_hundreds_is_planned_at_once():
    assert (
        sum(choose_packs([make_offer(n, 200 + n, 100 + n, left=99) for n in range(4)], 60_000).values()) > 0
    )
