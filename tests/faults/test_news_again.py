"""The same notification, however often, at once and days later: one change, one cheque, one delivery."""

import pytest
import requests

from payments.models import Bill, BillEvent
from shop.delivery.models import DeliveryEvent
from shop.orders.models import Cheque, Order, OrderEvent
from tests.at_once import run_at_once
from tests.faults.engines import wait_until

pytestmark = pytest.mark.faults
DAY_AND_AN_HOUR = 25 * 60


def test_news_told_20_times_at_once_5_times_later_and_again_next_day(shop_stack, make_buyer):
    buyer = make_buyer()
    assert buyer.order_by_api().status == 201
    order = Order.objects.get()
    shop_stack.provider.notify("")
    bill = shop_stack.provider.pay(order.bill_id)
    letter = shop_stack.provider.emulator.write_letter(bill)

    def tell(_number: int = 0) -> tuple[int, str]:
        headers = {**letter.headers, "Content-Type": "application/json"}
        url = f"{shop_stack.url}/api/v1/qiwi/callback/"
        answer = requests.post(url, letter.body.encode(), headers=headers, timeout=30)
        return answer.status_code, answer.text.replace(" ", "")

    answers = run_at_once([tell] * 20)
    wait_until(lambda: Cheque.objects.filter(status="sent").exists(), "the cheque")
    answers += [tell() for _ in range(5)]
    shop_stack.let_pass(minutes=DAY_AND_AN_HOUR)
    shop_stack.forget_cache()
    answers += [tell()]
    # A broker that delivers a task twice, too.
    shop_stack.send("payments.tasks.sync_bill", bill_id=str(order.bill_id))
    shop_stack.send("shop.orders.tasks.send_cheque", order_id=order.pk)
    shop_stack.run_jobs()
    shop_stack.wait_for_rest()

    assert set(answers) == {(200, '{"error":"0"}')}
    assert len(answers) == 26
    assert len(shop_stack.mail.find(order.email)) == Cheque.objects.count() == 1
    assert BillEvent.objects.filter(source="webhook").count() == 1
    assert OrderEvent.objects.filter(event="paid").count() == 1
    assert DeliveryEvent.objects.filter(status="packing").count() == 1
    assert Bill.objects.get().status == "paid"


def test_the_provider_itself_tells_it_twenty_times_at_once(shop_stack, make_buyer):
    buyer = make_buyer()
    assert buyer.order_by_api().status == 201
    order = Order.objects.get()
    shop_stack.provider.mislead("at_once", copies=20)

    shop_stack.provider.pay(order.bill_id)

    wait_until(lambda: Cheque.objects.filter(status="sent").exists(), "the cheque")
    wait_until(lambda: shop_stack.is_at_rest, "the worker to rest")
    tries = [letter["tries"] for letter in shop_stack.provider.deliveries]
    assert [len(tried) for tried in tries] == [1] * 20, "each was taken at the first try"
    assert len(shop_stack.mail.find(order.email)) == 1
    assert OrderEvent.objects.filter(event="paid").count() == 1
