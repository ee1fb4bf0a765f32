"""A manager calls an order off, with a reason that the shopper reads: everything it held goes back, once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from payments.models import Bill
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders.emails import build_letter
from shop.orders.invariants import find_violations
from shop.orders.models import Letter, Mismatch, Order
from shop.orders.moves import Move, move_order
from shop.orders.office.amending import call_off, tell_version
from tests.at_once import try_at_once
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle
from tests.shop.orders.office.conftest import ORDERS

pytestmark = pytest.mark.django_db
REASON = "Град побил малину"


def find_page(order: Order) -> str:
    return f"{ORDERS}call-off/{order.pk}/"


def press(client, order: Order, **changes: str):
    data = {"reason": REASON, "seen": tell_version(order)} | changes
    return client.post(find_page(order), data, follow=True)


def reload(order: Order) -> Order:
    return Order.objects.with_details().get(pk=order.pk)


def test_a_paid_order_is_called_off_even_after_its_cut_off(client, manager, order):
    DeliverySlot.objects.update(cut_off_at=timezone.now() - timedelta(minutes=1))

    press(client, order)

    after = reload(order)
    assert (after.status, after.delivery.status, after.delivery.slot.taken) == ("paid", "canceled", 0)
    assert Mismatch.objects.get(order=order).amount == order.total
    event = order.events.get(event="canceled")
    assert (event.by, event.details["reason"]) == (manager, REASON)
    assert find_violations() == []


def test_an_unpaid_order_is_given_up(client, manager):
    order = make_order()

    press(client, order)

    after = reload(order)
    assert (after.status, after.delivery.status, after.delivery.slot.taken) == ("rejected", "canceled", 0)
    event = order.events.get(event="rejected")
    assert (event.by, event.details["reason"]) == (manager, REASON)
    assert not Mismatch.objects.exists()
    assert find_violations() == []


@pytest.mark.parametrize("is_paid", [True, False])
def test_the_shopper_reads_why(client, manager, is_paid):
    order = make_order()
    if is_paid:
        order = settle(order, Bill.Status.PAID)

    press(client, order)

    letter = Letter.objects.select_related("order__delivery__slot", "order__bill", "refund").get()
    assert letter.kind == Letter.Kind.CANCELED
    assert REASON in build_letter(letter).body


def test_only_what_can_be_called_off_has_the_button(client, manager, order):
    unpaid = make_order()
    for one in (order, unpaid):
        assert find_page(one) in client.get(f"{ORDERS}inspect/{one.pk}/").content.decode()
        assert client.get(find_page(one)).status_code == 200

    move_order(order_id=order.pk, move=Move.HAND_OVER, by=None, seen="packing")

    assert find_page(order) not in client.get(f"{ORDERS}inspect/{order.pk}/").content.decode()
    assert client.get(find_page(order)).status_code == 302
    press(client, reload(order))
    assert reload(order).delivery.status == "handed_over"


def test_looking_and_saying_nothing_change_nothing(client, manager, order):
    client.get(find_page(order))
    for changes in ({"reason": ""}, {"reason": " "}, {"reason": "x" * 301}, {"reason": "\0"}, {"seen": ""}):
        assert press(client, order, **changes).status_code == 200

    assert reload(order).delivery.status == "packing"
    assert not Letter.objects.exists()


def test_who_saw_another_order_is_told_who_was_faster(client, manager, order):
    seen = tell_version(order)
    press(client, order)

    text = press(client, order, seen=seen).content.decode()

    assert manager.get_full_name() in text
    assert order.events.filter(event="canceled").count() == 1
    assert Letter.objects.filter(kind=Letter.Kind.CANCELED).count() == 1


def test_who_may_not_give_money_back_calls_no_paid_order_off(client, order):
    user = UserFactory(is_staff=True)
    rights = Permission.objects.filter(codename__in=["access_admin", "view_order", "change_order"])
    user.user_permissions.set(rights)
    client.force_login(user)
    unpaid = make_order()

    assert find_page(order) not in client.get(f"{ORDERS}inspect/{order.pk}/").content.decode()
    press(client, order)
    press(client, unpaid)

    assert (reload(order).delivery.status, reload(unpaid).status) == ("packing", "rejected")


def test_who_may_only_pack_calls_nothing_off(client, packer, order):
    assert client.get(find_page(order)).status_code in {302, 403}
    press(client, order)

    assert reload(order).delivery.status == "packing"


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_calls_it_off_and_the_other_is_told():
    order = settle(make_order(), Bill.Status.PAID)
    seen = tell_version(order)

    def press_as(person):
        return lambda: call_off(order_id=order.pk, reason=REASON, by=person, seen=seen)

    results = try_at_once([press_as(UserFactory(is_staff=True)) for _number in range(3)])

    assert sorted(type(result).__name__ for result in results) == ["Order", "OrderMoved", "OrderMoved"]
    assert Delivery.objects.get(pk=order.delivery_id).status == "canceled"
    assert order.events.filter(event="canceled").count() == 1
    assert find_violations() == []
