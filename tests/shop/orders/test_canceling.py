"""A shopper calls a paid order off: stock, slot and money go back, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Bill, Refund
from payments.services import open_bill, sync_bill
from shop.catalog.models import Lot
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders.canceling import NotCancelable, cancel_paid_order
from shop.orders.invariants import find_violations
from shop.orders.models import Letter, Mismatch, Order
from shop.orders.settling import settle_by_refund
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """A paid order that is being packed."""
    get_front_page()
    return settle(make_order(), Bill.Status.PAID)


@pytest.fixture
def shopper(client, order):
    client.force_login(order.user)
    return client


def reload(order: Order) -> Order:
    return Order.objects.with_details().get(pk=order.pk)


def find_cancel(order: Order) -> str:
    return f"/orders/{order.number}/cancel/"


def test_stock_and_slot_go_back_and_a_person_is_told_where_no_provider_can(shopper, order):
    left = Lot.objects.get().left

    response = shopper.post(find_cancel(order))

    assert response["Location"] == f"/orders/{order.number}/"
    after = reload(order)
    assert (after.status, after.delivery.status, after.delivery.slot.taken) == ("paid", "canceled", 0)
    assert Lot.objects.get().left == left + 2
    assert after.needs_refund
    assert Mismatch.objects.get().amount == after.total
    assert Letter.objects.filter(order=order, kind=Letter.Kind.CANCELED).count() == 1
    assert find_violations() == []


def test_the_money_that_a_person_gives_back_ends_the_order(shopper, order):
    shopper.post(find_cancel(order))

    settle_by_refund(mismatch_id=Mismatch.objects.get().pk, by=UserFactory(is_staff=True), reference="п/п 17")

    after = reload(order)
    assert (after.status, after.needs_refund, after.delivery.status) == ("refunded", False, "canceled")
    assert Lot.objects.get().left == Lot.objects.get().received
    assert find_violations() == []


def test_a_second_click_changes_nothing(shopper, order):
    for _click in range(2):
        assert shopper.post(find_cancel(order)).status_code == 302

    assert order.events.filter(event="canceled").count() == 1
    assert Mismatch.objects.count() == 1
    assert DeliverySlot.objects.get(pk=order.delivery.slot_id).taken == 0
    assert find_violations() == []


def test_the_page_says_how_it_stands_and_offers_no_way_twice(shopper, order):
    path = f"/orders/{order.number}/"
    assert find_cancel(order) in shopper.get(path).content.decode()

    shopper.post(find_cancel(order))

    page = shopper.get(path).content.decode()
    assert find_cancel(order) not in page
    assert "alert--info" in page


@pytest.mark.parametrize("status", ["handed_over", "on_the_way", "delivered", "failed"])
def test_what_left_the_house_is_not_called_off(shopper, order, status):
    Delivery.objects.update(status=status)

    shopper.post(find_cancel(order))

    assert reload(order).delivery.status == status
    assert not order.events.filter(event="canceled").exists()
    assert not Letter.objects.filter(kind=Letter.Kind.CANCELED).exists()


def test_after_the_cut_off_staff_may_and_the_shopper_may_not(shopper, order):
    DeliverySlot.objects.update(cut_off_at=timezone.now() - timedelta(seconds=1))

    assert find_cancel(order) not in shopper.get(f"/orders/{order.number}/").content.decode()
    shopper.post(find_cancel(order))
    assert reload(order).delivery.status == "packing"

    cancel_paid_order(order=order, by=UserFactory(is_staff=True), reason="Мороз", after_cut_off=True)
    assert reload(order).delivery.status == "canceled"
    assert find_violations() == []


def test_an_unpaid_order_is_not_called_off_like_a_paid_one():
    order = make_order()

    with pytest.raises(NotCancelable):
        cancel_paid_order(order=order, by=order.user)

    assert reload(order).delivery.status == "waiting"


def test_foreign_orders_are_not_found_and_guests_sign_in(client, order):
    assert "/account/login/" in client.post(find_cancel(order))["Location"]
    client.force_login(UserFactory())
    assert client.post(find_cancel(order)).status_code == 404
    assert client.get(find_cancel(order)).status_code in {302, 404, 405}
    assert reload(order).delivery.status == "packing"


def test_a_provider_that_can_gives_the_money_back(
    settings, yookassa_emulator, eager_tasks, django_capture_on_commit_callbacks
):
    settings.PAYMENT_PROVIDER = "yookassa"
    with django_capture_on_commit_callbacks(execute=True):
        order = make_order()
    open_bill(bill_id=order.bill_id)
    bill = Bill.objects.get(pk=order.bill_id)
    yookassa_emulator.pay(bill.external_id)
    sync_bill(bill_id=bill.pk)

    with django_capture_on_commit_callbacks(execute=True):
        for _click in range(2):
            cancel_paid_order(order=reload(order), by=order.user)

    after = reload(order)
    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (after.total, Refund.Status.DONE)
    assert (after.status, after.needs_refund, after.delivery.status) == ("refunded", False, "canceled")
    assert Letter.objects.filter(kind=Letter.Kind.REFUNDED).count() == 1
    assert find_violations() == []


def test_a_part_that_went_back_before_is_not_given_back_twice(shopper, order):
    Refund.objects.create(
        bill_id=order.bill_id,
        key="part",
        amount=Decimal("30.00"),
        status="done",
        finished_at=timezone.now(),
        reason="x",
    )

    shopper.post(find_cancel(order))

    assert Mismatch.objects.get().amount == order.total - Decimal("30.00")
