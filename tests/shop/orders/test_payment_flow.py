"""From checkout to cheque against a QIWI on a real socket, with its webhooks coming in over HTTP."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from payments import jobs as payment_jobs
from payments import services as payments
from payments.models import Bill
from shop.catalog.models import Lot
from shop.checkout.services import open_bill_at_once
from shop.delivery.models import DeliverySlot
from shop.orders.models import Cheque, Order
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.catalog import get_front_page
from tests.factories.orders import ADDRESS, SlotFactory, ZoneFactory, make_order

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(check, seconds: float = 40):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := check():
            return found
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


def get(order: Order) -> Order:
    return Order.objects.with_details().get(pk=order.pk)


def check_out(client) -> Order:
    page = client.get("/checkout/")
    quote = page.context["quote"]
    sent = {
        **ADDRESS,
        "name": "Анна",
        "phone": "+79991234567",
        "zone": quote.zone.pk,
        "slot": DeliverySlot.objects.get().pk,
        "offer": "on",
        "personal_data": "on",
        "key": page.context["key"],
        "expected_total": quote.total,
        "basket": quote.basket,
    }
    assert client.post("/checkout/", sent).status_code == 302
    return Order.objects.with_details().get()


@pytest.fixture
def shopper(client):
    get_front_page()
    ZoneFactory()
    SlotFactory()
    user = UserFactory()
    put_in_cart(user, quantity=2)
    client.force_login(user)
    return client


def test_a_paid_bill_becomes_a_paid_order_one_cheque_and_a_delivery(
    shopper, live_server, qiwi_emulator, eager_tasks
):
    qiwi_emulator.notify(f"{live_server.url}/api/v1/qiwi/callback/")
    order = check_out(shopper)
    assert order.bill.status == "waiting"

    qiwi_emulator.pay(order.bill_id)

    paid = wait_for(lambda: (found := get(order)).status == "paid" and found)
    assert paid.delivery.status == "packing"
    wait_for(lambda: Cheque.objects.get().status == "sent")
    assert [message.subject for message in mail.outbox] == [f"Заказ {order.number} оплачен"]
    assert "Заказ оплачен. Спасибо!" in shopper.get(f"/pay/{order.bill_id}/return/").content.decode()


def test_the_same_news_ten_times_at_once_makes_one_cheque_and_one_delivery(qiwi_emulator, eager_tasks):
    order = make_order()
    open_bill_at_once(order=order)
    qiwi_emulator.pay(order.bill_id)

    def sync(_number):
        try:
            return payments.sync_bill(bill_id=order.bill_id).status
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(sync, range(10)))

    assert statuses == ["paid"] * 10
    assert len(mail.outbox) == Cheque.objects.count() == 1
    assert get(order).delivery.events.count() == 1


def test_with_the_provider_down_the_order_stays_and_is_paid_later(shopper, qiwi_emulator, eager_tasks):
    qiwi_emulator.fail(status=503, times=None)
    order = check_out(shopper)
    assert (order.status, order.bill.status) == ("pending", "created")
    assert "Готовим счёт" in shopper.get(f"/orders/{order.number}/").content.decode()

    qiwi_emulator.heal()
    cache.clear()  # the provider is no longer left alone
    Bill.objects.update(opening_at=timezone.now() - timedelta(minutes=5))
    payment_jobs.open_waiting_bills()

    assert get(order).bill.pay_url
    assert "Готовим счёт" not in shopper.get(f"/pay/{order.bill_id}/").content.decode()
    qiwi_emulator.pay(order.bill_id)
    payments.sync_bill(bill_id=order.bill_id)
    assert get(order).status == "paid"
    assert Bill.objects.count() == 1


def test_a_rejected_order_closes_its_bill_and_gives_everything_back(shopper, qiwi_emulator, eager_tasks):
    order = check_out(shopper)

    shopper.post(f"/orders/{order.number}/reject/")

    assert (get(order).status, get(order).bill.status) == ("rejected", "rejected")
    assert qiwi_emulator.get(order.bill_id).status == "REJECTED"
    assert Lot.objects.get().left == 10
    assert DeliverySlot.objects.get().taken == 0


def test_who_rejects_what_was_paid_a_moment_ago_is_owed_the_money(shopper, qiwi_emulator, eager_tasks):
    order = check_out(shopper)
    qiwi_emulator.pay(order.bill_id)

    shopper.post(f"/orders/{order.number}/reject/")

    order = get(order)
    assert (order.status, order.bill.status, order.needs_refund) == ("rejected", "paid", True)
    assert not Cheque.objects.exists()
    assert [message.to for message in mail.outbox] == [[order.email]]
    assert "вернём" in mail.outbox[0].body
    assert "Мы вернём вам деньги" in shopper.get(f"/orders/{order.number}/").content.decode()


def test_a_bill_declined_at_the_provider_gives_everything_back(shopper, qiwi_emulator, eager_tasks):
    order = check_out(shopper)
    qiwi_emulator.reject(order.bill_id)

    payments.sync_bill(bill_id=order.bill_id)

    assert get(order).status == "rejected"
    assert Lot.objects.get().left == 10
    assert DeliverySlot.objects.get().taken == 0
