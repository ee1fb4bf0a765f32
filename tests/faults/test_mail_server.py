"""A mail server that refuses, greylists, hangs: the order does not care, the cheque comes later, once."""

import pytest

from shop.orders import jobs
from shop.orders.models import Cheque, Order
from tests.faults.engines import wait_until

pytestmark = pytest.mark.faults
PATIENCE = 5

CERTAINLY_NOT_TAKEN = [
    ("greeting", "554 No service"),
    ("greeting", "drop"),
    ("greeting", "hang"),
    ("EHLO", "hang"),
    ("MAIL", "hang"),
    ("RCPT", "451 Greylisted, come back in five minutes"),
    ("RCPT", "hang"),
    ("RCPT", "drop"),
    ("DATA", "451 Later"),
    ("DATA", "hang"),
    ("body", "451 Later"),
]


def order_and_pay(shop_stack, buyer) -> Order:
    """Buy something as if the mail were well; nobody waits for it."""
    answer = buyer.order_by_api()
    assert (answer.status, answer.seconds < PATIENCE) == (201, True)
    order = Order.objects.get()
    shop_stack.provider.pay(order.bill_id)
    wait_until(lambda: Order.objects.get().status == "paid", "the payment")
    page = buyer.ask("GET", f"/orders/{order.number}/")
    assert (page.status, page.seconds < PATIENCE) == (200, True)
    assert Order.objects.get().delivery.status == "packing"
    return order


@pytest.mark.parametrize(("step", "mood"), CERTAINLY_NOT_TAKEN)
def test_a_mail_that_was_not_taken_is_sent_later_once(shop_stack, make_buyer, step, mood):
    with shop_stack.mail.being(**{step: mood}):
        order = order_and_pay(shop_stack, make_buyer())
        wait_until(lambda: f"{step}: {mood}" in shop_stack.mail.tries, "a try to send")
        assert shop_stack.mail.mails == []

    shop_stack.catch_up(lambda: Cheque.objects.get().status == "sent", "the cheque")

    shop_stack.wait_for_rest()
    assert len(shop_stack.mail.find(order.email)) == 1


@pytest.mark.parametrize("mood", ["drop", "hang"])
def test_a_mail_that_may_have_been_taken_is_left_to_a_person(shop_stack, make_buyer, mood, caplog):
    with shop_stack.mail.being(body=mood):
        order = order_and_pay(shop_stack, make_buyer())
        wait_until(lambda: f"body: {mood}" in shop_stack.mail.tries, "a try to send")

    for _round in range(3):
        shop_stack.let_pass(minutes=10)
        shop_stack.run_jobs()
        shop_stack.wait_for_rest()

    assert Cheque.objects.get().status == "sending"
    assert len(shop_stack.mail.find(order.email)) == 1
    assert jobs.report_stuck_cheques() == 1
    assert f"The cheque of order {order.number} is stuck" in caplog.text
