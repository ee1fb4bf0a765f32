"""Many buyers at the same moment: nothing is sold twice, nobody waits in a ring."""

from uuid import uuid4

import pytest

from accounts.models import User
from payments.models import Bill
from shop.cart.models import CartLine
from shop.cart.services import add_to_cart
from shop.catalog.models import LotQuerySet, Pack
from shop.checkout.refusals import (
    CartChanged,
)
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders.models import Order
from tests.at_once import try_at_once
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.catalog import LotFactory, PackFactory
from tests.factories.orders import SlotFactory, ZoneFactory, place, see, want


def prepare_buyers(number: int, pack: Pack):
    """So many buyers, each with one of the packs in the cart, each wanting a slot of their own."""
    zone = ZoneFactory()
    calls = []
    for _number in range(number):
        user = UserFactory()
        put_again(user, pack)
        wanted = want(zone=zone)
        seen = see(user, wanted)
        calls.append(lambda user=user, wanted=wanted, seen=seen: place(user, wanted, seen=seen))
    return calls


def put_again(user: User, pack: Pack) -> None:
    add_to_cart(user=user, pack_id=pack.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_fifty_buyers_of_the_last_three_packs_make_three_orders_and_47_refusals(self):
        pack = PackFactory()
        for _lot in range(2):
            LotFactory(pack=pack, quantity=1)
        LotFactory(pack=pack, quantity=1)
        calls = prepare_buyers(50, pack)

        results = try_at_once(calls)

        orders = [result for result in results if isinstance(result, Order)]
        refusals = [result for result in results if isinstance(result, CartChanged)]
        assert (len(orders), len(refusals)) == (3, 47), [
            r for r in results if not isinstance(r, Order | CartChanged)
        ]
        assert sum(pack.lots.values_list("left", flat=True)) == 0
        assert Order.objects.count() == Bill.objects.count() == Delivery.objects.count() == 3
        assert sum(DeliverySlot.objects.values_list("taken", flat=True)) == 3
        assert CartLine.objects.count() == 47

    def test_without_the_lock_the_same_buyers_come_to_grief(self, monkeypatch):
        """The control: were the lots not locked, the test above would fail."""
        monkeypatch.setattr(LotQuerySet, "locked", lambda self: self.order_by("pk"))
        pack = PackFactory()
        LotFactory(pack=pack, quantity=3)
        calls = prepare_buyers(50, pack)

        results = try_at_once(calls)

        orders = [result for result in results if isinstance(result, Order)]
        refusals = [result for result in results if isinstance(result, CartChanged)]
        assert (len(orders), len(refusals)) != (3, 47)
        # The constraint is the second wall: even then nothing is sold that is not there.
        assert pack.lots.get().left >= 0

    def test_the_last_three_places_of_a_slot_go_to_three(self):
        pack, slot, zone = PackFactory(stock=100), SlotFactory(capacity=3), ZoneFactory()
        calls = []
        for _number in range(12):
            user = UserFactory()
            put_again(user, pack)
            wanted = want(zone=zone, slot=slot)
            seen = see(user, wanted)
            calls.append(lambda user=user, wanted=wanted, seen=seen: place(user, wanted, seen=seen))

        results = try_at_once(calls)

        assert sorted(type(result).__name__ for result in results) == ["Order"] * 3 + ["SlotGone"] * 9
        assert DeliverySlot.objects.get().taken == 3
        assert pack.lots.get().left == 97

    def test_ten_clicks_at_once_make_one_order(self):
        user = UserFactory()
        put_in_cart(user, stock=100)
        wanted, key = want(), str(uuid4())
        seen = see(user, wanted)
        call = lambda: place(user, wanted, seen=seen, idempotency_key=key)  # noqa: E731 -- ten times the same

        results = try_at_once([call] * 10)

        assert {result.pk for result in results} == {Order.objects.get().pk}
        assert Bill.objects.count() == 1
        assert sum(DeliverySlot.objects.values_list("taken", flat=True)) == 1

    def test_two_tabs_with_keys_of_their_own_make_one_order(self):
        user = UserFactory()
        put_in_cart(user, stock=100)
        wanted = want()
        seen = see(user, wanted)

        results = try_at_once([lambda: place(user, wanted, seen=seen)] * 2)

        assert sorted(type(result).__name__ for result in results) == ["CartEmpty", "Order"]
        assert Order.objects.count() == 1

    def test_carts_filled_the_other_way_round_do_not_lock_each_other_out(self):
        packs = [PackFactory(stock=1000), PackFactory(stock=1000)]
        zone, slot = ZoneFactory(), SlotFactory(capacity=1000)
        calls = []
        for number in range(16):
            user = UserFactory()
            for pack in packs if number % 2 else reversed(packs):
                put_again(user, pack)
            wanted = want(zone=zone, slot=slot)
            seen = see(user, wanted)
            calls.append(lambda user=user, wanted=wanted, seen=seen: place(user, wanted, seen=seen))

        results = try_at_once(calls)

        assert [result for result in results if not isinstance(result, Order)] == []
