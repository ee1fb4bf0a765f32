"""Two tabs, two threads, one cart: nothing is lost and nothing is doubled."""

from functools import partial

import pytest

from shop.cart.models import Cart, CartLine
from shop.cart.services import NotEnough, add_to_cart, clear_cart, get_pack_quantities
from tests.at_once import run_at_once
from tests.factories.accounts import UserFactory
from tests.factories.catalog import PackFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TABS = 8


def press_at_once(press):
    """Call `press` with the number of each tab, all at the same moment; what each of them got."""
    return run_at_once([partial(press, tab) for tab in range(TABS)])


def test_adding_from_many_tabs_counts_every_click_in_one_line():
    user, pack = UserFactory(), PackFactory(stock=50)

    press_at_once(lambda tab: add_to_cart(user=user, pack_id=pack.pk))

    assert get_pack_quantities(user) == {pack.pk: TABS}
    assert (Cart.objects.count(), CartLine.objects.count()) == (1, 1)


def test_adding_different_packs_from_many_tabs_loses_none():
    user = UserFactory()
    packs = [PackFactory(stock=1) for _ in range(TABS)]

    press_at_once(lambda tab: add_to_cart(user=user, pack_id=packs[tab].pk))

    assert get_pack_quantities(user) == {pack.pk: 1 for pack in packs}


def test_many_tabs_cannot_take_more_than_there_is():
    user, pack = UserFactory(), PackFactory(stock=3)

    def press(tab):
        try:
            add_to_cart(user=user, pack_id=pack.pk)
        except NotEnough:
            return "refused"
        return "added"

    assert sorted(press_at_once(press)) == ["added"] * 3 + ["refused"] * (TABS - 3)
    assert get_pack_quantities(user) == {pack.pk: 3}


def test_clearing_while_adding_ends_in_one_order_or_the_other():
    user, pack = UserFactory(), PackFactory(stock=50)

    removed = press_at_once(
        lambda tab: clear_cart(user=user) if tab == 0 else add_to_cart(user=user, pack_id=pack.pk)
    )[0]

    left = get_pack_quantities(user).get(pack.pk, 0)
    assert sum(line.quantity for line in removed) + left == TABS - 1
