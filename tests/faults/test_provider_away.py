"""A provider that is down, or whose answers get lost: the order stays and is paid in the end, by one bill."""

from collections import Counter

import pytest

from payments.models import Bill
from shop.orders.models import Cheque, Order
from tests.at_once import run_at_once
from tests.faults.engines import wait_until

pytestmark = pytest.mark.faults
# Longer than anybody waits for a provider.
LONG = 30.0


def get_bills_asked_for(shop_stack) -> set[str]:
    """Every bill number that was ever in a request to make one."""
    asked = [request for request in shop_stack.provider.requests if request["operation"] == "create"]
    return {request["path"].rsplit("/", 1)[-1] for request in asked}


def pay_all(shop_stack) -> None:
    for order in Order.objects.all():
        shop_stack.provider.pay(order.bill_id)


@pytest.mark.parametrize(
    "outage",
    [
        {"action": "status", "status": 503},
        {"action": "drop_before"},
        {"action": "slow", "seconds": LONG},
    ],
    ids=lambda outage: outage["action"],
)
def test_orders_placed_while_it_is_down_are_paid_in_the_end(shop_stack, make_buyer, outage):
    buyers = [make_buyer() for _ in range(6)]
    shop_stack.provider.fail("*", times=None, **outage)

    answers = run_at_once([buyer.order_by_api for buyer in buyers])

    assert Counter(answer.status for answer in answers) == {201: 6}
    assert max(answer.seconds for answer in answers) < 8
    assert Bill.objects.exclude(status="created").count() == 0
    assert buyers[0].ask("GET", f"/orders/{Order.objects.first().number}/").status in {200, 404}
    shop_stack.provider.heal()
    shop_stack.catch_up(lambda: Bill.objects.filter(status="waiting").count() == 6, "the bills")
    pay_all(shop_stack)
    wait_until(lambda: Cheque.objects.filter(status="sent").count() == 6, "the cheques")
    ours = {str(number) for number in Order.objects.values_list("bill_id", flat=True)}
    assert get_bills_asked_for(shop_stack) == ours
    assert {bill.bill_id for bill in shop_stack.provider.emulator.book.list_all()} == ours
    assert Counter(str(mail["To"]) for mail in shop_stack.mail.mails) == {
        buyer.user.email: 1 for buyer in buyers
    }


@pytest.mark.parametrize("fault", ["drop_after", "status_after", "truncate", "empty", "html"])
def test_an_answer_lost_after_the_bill_was_made_makes_no_second_one(shop_stack, make_buyer, fault):
    buyer = make_buyer()
    shop_stack.provider.fail("create", fault, times=4)

    assert buyer.order_by_api().status == 201

    bill = Bill.objects.get()
    shop_stack.provider.heal()
    shop_stack.catch_up(lambda: Bill.objects.filter(status="waiting").exists(), "the bill")
    shop_stack.provider.pay(bill.pk)
    wait_until(lambda: Order.objects.get().status == "paid", "the payment")
    wait_until(lambda: Cheque.objects.filter(status="sent").exists(), "the cheque")
    assert [made.bill_id for made in shop_stack.provider.emulator.book.list_all()] == [str(bill.pk)]
    assert get_bills_asked_for(shop_stack) == {str(bill.pk)}
