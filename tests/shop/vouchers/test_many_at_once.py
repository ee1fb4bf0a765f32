"""Many shoppers with one code at the same moment: it is used as often as it says, and no more."""

from functools import partial
from threading import Barrier

import pytest

from shop.checkout.refusals import VoucherGone
from shop.orders.invariants import find_violations
from shop.orders.models import Order
from shop.vouchers.models import Voucher, VoucherQuerySet, VoucherUse
from tests.at_once import try_at_once
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.orders import SlotFactory, ZoneFactory, place, see, want
from tests.factories.vouchers import VoucherFactory, give_voucher

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def order_at_once(number: int) -> list[object]:
    """So many shoppers order with the same voucher, each in a thread; what each got or was told."""
    voucher, zone = VoucherFactory(max_uses=1), ZoneFactory()
    calls = []
    for _number in range(number):
        user = UserFactory()
        put_in_cart(user)
        give_voucher(user, voucher)
        wanted = want(zone=zone, slot=SlotFactory())
        calls.append(partial(place, user, wanted, seen=see(user, wanted)))
    return try_at_once(calls)


def count(results: list[object]) -> tuple[int, int]:
    orders = [result for result in results if isinstance(result, Order)]
    return len(orders), len([result for result in results if isinstance(result, VoucherGone)])


@pytest.mark.parametrize("number", [10, pytest.param(50, marks=pytest.mark.faults)])
def test_a_voucher_with_one_use_goes_to_one(number):
    results = order_at_once(number)

    assert count(results) == (1, number - 1), results
    assert (Voucher.objects.get().used, VoucherUse.objects.count()) == (1, 1)
    assert Order.objects.exclude(discount=0).count() == 1
    assert find_violations() == []


def test_without_the_lock_the_same_shoppers_come_to_grief(monkeypatch):
    """The control: were the voucher not locked, the test above would fail."""
    together = Barrier(10)

    def look_together(self):
        together.wait(timeout=30)
        return self.order_by("pk")

    monkeypatch.setattr(VoucherQuerySet, "locked", look_together)

    results = order_at_once(10)

    assert count(results) != (1, 9)
    # The constraint is the second wall: even then it is used no more often than it says.
    assert Voucher.objects.get().used <= 1
