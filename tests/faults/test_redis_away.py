"""Redis gone or frozen while people buy: nobody notices, and afterwards all that is due happens once."""

from collections import Counter
from statistics import median

import pytest

from payments.models import Bill, BillEvent
from shop.orders.models import Cheque, Order
from tests.at_once import run_at_once
from tests.factories.catalog import make_offered_berry
from tests.faults.engines import wait_until

pytestmark = pytest.mark.faults
BUYERS = 50
SLOWEST = 2.5


def buy(buyer, berry: str) -> list:
    """The way of a shopper through the shop: each page they load."""
    return [
        buyer.ask("GET", "/catalog/"),
        buyer.ask("GET", berry),
        buyer.ask("GET", "/cart/"),
        buyer.open_checkout(),
        buyer.send_form(),
        buyer.ask("GET", "/orders/"),
    ]


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_fifty_orders_are_placed_without_it(shop_stack, make_buyer, how, tell):
    buyers = [make_buyer() for _ in range(BUYERS)]
    berry = f"/catalog/{make_offered_berry().slug}/"
    make_buyer().ask("GET", "/checkout/")  # the first page of a fresh server takes its time
    getattr(shop_stack.redis, how)()

    ways = run_at_once([lambda buyer=buyer: buy(buyer, berry) for buyer in buyers], at_once=4)

    pages = [page for way in ways for page in way]
    assert Counter(page.status for page in pages) == {200: 5 * BUYERS, 302: BUYERS}
    slowest = max(page.seconds for page in pages)
    middle = median(page.seconds for page in pages)
    tell(f"without Redis ({how}): slowest page {slowest:.2f} s, median {middle:.2f} s")
    assert Order.objects.count() == BUYERS
    assert slowest <= SLOWEST

    for order in Order.objects.filter(bill__status="waiting"):
        shop_stack.provider.pay(order.bill_id)
    paid = Order.objects.filter(bill__status="waiting").count()
    wait_until(lambda: BillEvent.objects.filter(source="webhook").count() == paid, "the notifications")
    shop_stack.redis.recover()
    shop_stack.catch_up(lambda: not Bill.objects.filter(status="created").exists(), "the bills")
    for order in Order.objects.all():
        shop_stack.provider.pay(order.bill_id)
    shop_stack.catch_up(lambda: Cheque.objects.filter(status="sent").count() == BUYERS, "the cheques")

    shop_stack.wait_for_rest()
    made = Counter(bill.bill_id for bill in shop_stack.provider.emulator.book.list_all())
    assert made == {str(bill_id): 1 for bill_id in Bill.objects.values_list("pk", flat=True)}
    assert Counter(str(mail["To"]) for mail in shop_stack.mail.mails) == {
        buyer.user.email: 1 for buyer in buyers
    }
