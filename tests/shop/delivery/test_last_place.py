"""The last place of a slot, wanted by many at the same moment: one gets it, and a place never gets lost."""

from collections import Counter
from threading import Barrier

import pytest
from django.db import transaction

from shop.delivery.models import DeliverySlot, DeliverySlotQuerySet
from shop.delivery.services import SlotTaken, take_slot
from shop.orders.slots import change_order_slot
from tests.at_once import try_at_once
from tests.factories.orders import SlotFactory, make_order, want

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY = 20


def take_at_once(calls) -> Counter:
    """Run the calls together, each in a transaction of its own; what became of them."""
    results = try_at_once([transaction.atomic(call) for call in calls])
    return Counter(type(each).__name__ if isinstance(each, Exception) else "taken" for each in results)


def test_the_last_place_goes_to_one():
    slot = SlotFactory(capacity=1)

    results = take_at_once([lambda: take_slot(slot_id=slot.pk)] * MANY)

    assert results == {"taken": 1, SlotTaken.__name__: MANY - 1}
    assert DeliverySlot.objects.get().taken == 1


def test_looked_at_before_it_is_taken_the_last_place_is_promised_to_many(monkeypatch):
    """The control: without the look that comes with the lock, only the constraint stops the others."""
    look = DeliverySlotQuerySet.free
    barrier = Barrier(MANY)

    def look_first(slots, now):
        found = list(look(slots, now).values_list("pk", flat=True))
        barrier.wait()
        return slots.filter(pk__in=found)

    monkeypatch.setattr(DeliverySlotQuerySet, "free", look_first)
    slot = SlotFactory(capacity=1)

    results = take_at_once([lambda: take_slot(slot_id=slot.pk)] * MANY)

    assert results == {"taken": 1, "IntegrityError": MANY - 1}
    assert DeliverySlot.objects.get().taken == 1


def test_orders_that_swap_their_slots_do_not_wait_for_each_other():
    slots = [SlotFactory(capacity=MANY), SlotFactory(capacity=MANY)]
    orders = [make_order(wanted=want(slot=slots[number % 2])) for number in range(6)]
    calls = [
        lambda order=order, number=number: change_order_slot(
            order_id=order.pk, slot_id=slots[(number + 1) % 2].pk, by=order.user
        )
        for number, order in enumerate(orders)
    ]

    assert take_at_once(calls) == {"taken": 6}
    assert [slot.taken for slot in DeliverySlot.objects.order_by("pk")] == [3, 3]


def test_one_order_that_many_clicks_move_holds_one_place():
    order, new = make_order(), SlotFactory()
    move = lambda: change_order_slot(order_id=order.pk, slot_id=new.pk, by=order.user)  # noqa: E731 -- the same

    assert take_at_once([move] * 6) == {"taken": 6}

    assert dict(DeliverySlot.objects.values_list("pk", "taken")) == {order.delivery.slot_id: 0, new.pk: 1}
    assert order.letters.count() == 1
