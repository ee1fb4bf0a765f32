"""A hundred at once at a real web server want the last place of a slot: one gets it, nobody loses a berry."""

from collections import Counter

import pytest

from payments.models import Bill
from shop.cart.models import CartLine
from shop.delivery.models import DeliverySlot
from shop.orders.models import Order
from tests.at_once import run_at_once
from tests.factories.catalog import PackFactory
from tests.factories.orders import SlotFactory

pytestmark = pytest.mark.faults
BUYERS = 100


def test_a_hundred_buyers_of_the_last_place_make_one_order(make_buyer):
    pack, slot = PackFactory(stock=1000), SlotFactory(capacity=1)
    buyers = [make_buyer(pack) for _ in range(BUYERS)]
    for buyer in buyers:
        buyer.slot = slot

    answers = run_at_once([buyer.order_by_api for buyer in buyers])

    assert Counter(answer.status for answer in answers) == {201: 1, 409: BUYERS - 1}
    assert all("slot_taken" in answer.text for answer in answers if answer.status == 409)
    assert DeliverySlot.objects.get(pk=slot.pk).taken == 1
    assert pack.lots.get().left == 999
    assert Order.objects.count() == Bill.objects.count() == 1
    assert CartLine.objects.count() == BUYERS - 1
