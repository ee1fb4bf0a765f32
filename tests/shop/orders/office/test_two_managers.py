"""Two managers at the same moment: one wins, the other is told, and no pack or kopeck is given back twice."""

from functools import partial

import pytest

from payments.models import Bill, Refund
from shop.delivery.models import Delivery
from shop.orders.invariants import find_violations
from shop.orders.models import OrderLine
from shop.orders.moves import Move, MoveRefused, move_order
from shop.orders.office.amending import NotAmendable, OrderMoved, take_off_packs, tell_version
from tests.at_once import try_at_once
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle


def list_amendments(order, count: int):
    """So many people who take a pack off the order they all see."""
    line, seen = order.lines.get(), tell_version(order)
    return [
        partial(
            take_off_packs,
            order_id=order.pk,
            packs={line.pk: 1},
            by=UserFactory(is_staff=True),
            seen=seen,
            key=f"{number}",
            reference="п/п 17",
        )
        for number in range(count)
    ]


@pytest.mark.django_db(transaction=True)
def test_packs_are_taken_off_once():
    order = settle(make_order(quantity=10), Bill.Status.PAID)

    results = try_at_once(list_amendments(order, 5))

    losers = [type(result) for result in results if not isinstance(result, Refund)]
    assert losers == [OrderMoved] * 4
    assert OrderLine.objects.get(order=order).quantity_returned == 1
    assert find_violations() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_handed_over_meanwhile_is_not_amended_and_nothing_locks_up():
    order = settle(make_order(quantity=10), Bill.Status.PAID)
    hand_over = partial(move_order, order_id=order.pk, move=Move.HAND_OVER, by=None, seen="packing")

    amended, handed_over = try_at_once([*list_amendments(order, 1), hand_over])

    assert isinstance(amended, Refund | OrderMoved | NotAmendable)
    assert not isinstance(handed_over, MoveRefused)
    assert Delivery.objects.get(pk=order.delivery_id).status == "handed_over"
    assert OrderLine.objects.get(order=order).quantity_returned == int(isinstance(amended, Refund))
    assert find_violations() == []
