"""The power goes out under the worker, at every step of every money task: nothing is lost or done twice.

Only a mail that the mail server took, of which nobody could write so down any more, may come twice: when a
person says so, and with the same Message-ID.
"""

import pytest

from accounts.models import User
from payments import services as payments
from payments.models import Bill, Refund, Settlement
from shop.orders.models import Cheque, Letter, Mismatch, Order, OrderEvent
from shop.orders.refunds import refund_order
from shop.orders.services import reject_order
from shop.orders.settling import send_again
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order
from tests.faults.programs import ShopStack

pytestmark = pytest.mark.faults
QIWI = "payments.providers.qiwi.provider.QiwiProvider"
YOOKASSA = "payments.providers.yookassa.provider.YooKassaProvider"
EXCHANGE, REFUNDING, SETTLING = "payments.exchange", "payments.refunding", "payments.settling"
CHEQUES = "shop.orders.cheques"

OPENING = [
    f"{EXCHANGE}.open_bill before",
    f"{EXCHANGE}._begin_opening after",
    f"{QIWI}.create after",
    f"{EXCHANGE}._tell after",
    f"{EXCHANGE}._apply after",
]
SYNCING = [
    f"{EXCHANGE}.sync_bill before",
    f"{QIWI}.fetch after",
    "shop.orders.services._go_on after",
    f"{EXCHANGE}._tell after",
    "core.tasks.enqueue before",
    f"{EXCHANGE}._apply after",
]
REJECTING = [
    f"{EXCHANGE}.reject_bill before",
    f"{EXCHANGE}._begin_reject after",
    f"{QIWI}.reject after",
    f"{EXCHANGE}._tell after",
    f"{EXCHANGE}._apply after",
]
REFUNDS = [
    f"{REFUNDING}.send_refund before",
    f"{REFUNDING}._begin after",
    f"{YOOKASSA}.refund after",
    f"{REFUNDING}._move after",
    f"{REFUNDING}._apply after",
]
SETTLEMENTS = [
    f"{SETTLING}.send_settlement before",
    f"{SETTLING}._begin after",
    f"{YOOKASSA}.settle after",
    f"{SETTLING}._apply after",
]
# Where a mail is: still here, nobody can know, there and nobody wrote it down, all done.
HERE, NOWHERE, THERE, DONE = "here", "nowhere", "there", "done"
MAILS = [
    (f"{CHEQUES}.send_cheque before", HERE),
    (f"{CHEQUES}.build_cheque after", HERE),
    (f"{CHEQUES}.claim before", HERE),
    (f"{CHEQUES}.claim after", NOWHERE),
    ("smtplib.SMTP.sendmail before", NOWHERE),
    ("smtplib.SMTP.sendmail after", THERE),
    (f"{CHEQUES}.hand_over after", THERE),
    (f"{CHEQUES}._mark before", THERE),
    (f"{CHEQUES}._mark after", DONE),
    (f"{CHEQUES}.send_cheque after", DONE),
]


def come_to_rest(stack: ShopStack) -> None:
    """Even what the dead worker had in its hands is done once more."""
    stack.deliver_again()
    stack.wait_for_rest()


def order_and_open(stack: ShopStack) -> Order:
    order = make_order()
    assert payments.open_bill(bill_id=order.bill_id).status == "waiting"
    return order


def pay_and_sync(stack: ShopStack) -> Order:
    """A paid order; the task that sends its cheque got lost."""
    order = order_and_open(stack)
    stack.provider.pay(order.bill_id)
    assert payments.sync_bill(bill_id=order.bill_id).status == "paid"
    return order


@pytest.mark.parametrize("place", OPENING)
def test_opening_a_bill(quiet_stack, at_stack, kill_at, place):
    order = make_order()

    kill_at(place, "payments.tasks.open_bill", bill_id=str(order.bill_id))

    quiet_stack.catch_up(lambda: Bill.objects.get().status == "waiting", "the bill")
    come_to_rest(quiet_stack)
    made = quiet_stack.provider.emulator.book.list_all()
    assert [bill.bill_id for bill in made] == [str(order.bill_id)]
    assert Bill.objects.get().pay_url


@pytest.mark.parametrize("place", [*SYNCING, f"{EXCHANGE}._tell after child"])
def test_learning_that_it_was_paid(quiet_stack, at_stack, kill_at, place):
    order = order_and_open(quiet_stack)
    quiet_stack.provider.pay(order.bill_id)

    kill_at(place, "payments.tasks.sync_bill", bill_id=str(order.bill_id))

    quiet_stack.catch_up(lambda: Cheque.objects.filter(status="sent").exists(), "the cheque")
    come_to_rest(quiet_stack)
    assert Order.objects.get().status == "paid"
    assert OrderEvent.objects.filter(event="paid").count() == 1
    assert len(quiet_stack.mail.find(order.email)) == 1


@pytest.mark.parametrize("place", REJECTING)
def test_rejecting_a_bill(quiet_stack, at_stack, kill_at, place):
    order = order_and_open(quiet_stack)
    reject_order(order=order, by=order.user)

    kill_at(place, "payments.tasks.reject_bill", bill_id=str(order.bill_id))

    quiet_stack.catch_up(lambda: Bill.objects.get().status == "rejected", "the end of the bill")
    come_to_rest(quiet_stack)
    assert Order.objects.get().status == "rejected"
    assert quiet_stack.provider.get(order.bill_id).status == "REJECTED"


@pytest.mark.parametrize("place", REFUNDS)
def test_giving_money_back(quiet_stack, at_stack, kill_at, settings, place):
    settings.PAYMENT_PROVIDER = "yookassa"
    order = order_and_open(quiet_stack)
    [made] = quiet_stack.yookassa.emulator.book.list_all()
    quiet_stack.yookassa.pay(made.bill_id)
    payments.sync_bill(bill_id=order.bill_id)
    refund = refund_order(
        order=Order.objects.get(), amount=order.total, key="once", reason="Помялись", by=make_person()
    )

    kill_at(place, "payments.tasks.send_refund", refund_id=str(refund.pk))

    quiet_stack.catch_up(lambda: Refund.objects.get().status == "done", "the refund")
    come_to_rest(quiet_stack)
    [made] = quiet_stack.yookassa.emulator.book.list_all()
    assert [given["amount"]["value"] for given in made.refunds] == [str(order.total)]
    quiet_stack.catch_up(lambda: not Letter.objects.exclude(status="sent").exists(), "the letters")
    assert Order.objects.get().status == "refunded"


@pytest.mark.parametrize("place", SETTLEMENTS)
def test_making_the_receipt_of_handing_over(quiet_stack, at_stack, kill_at, settings, place):
    settings.PAYMENT_PROVIDER = "yookassa"
    order = order_and_open(quiet_stack)
    [made] = quiet_stack.yookassa.emulator.book.list_all()
    quiet_stack.yookassa.pay(made.bill_id)
    payments.sync_bill(bill_id=order.bill_id)
    settlement = payments.request_settlement(bill_id=order.bill_id)

    kill_at(place, "payments.tasks.send_settlement", settlement_id=str(settlement.pk))

    quiet_stack.catch_up(lambda: Settlement.objects.get().status == "done", "the receipt")
    come_to_rest(quiet_stack)
    [made] = quiet_stack.yookassa.emulator.book.list_all()
    assert [part["settlements"][0]["amount"]["value"] for part in made.receipts] == [str(order.total)]


@pytest.mark.parametrize(("place", "where"), MAILS)
def test_sending_a_cheque(quiet_stack, at_stack, kill_at, place, where):
    order = pay_and_sync(quiet_stack)

    kill_at(place, "shop.orders.tasks.send_cheque", order_id=order.pk)

    if where in {HERE, DONE}:
        quiet_stack.catch_up(lambda: Cheque.objects.get().status == "sent", "the cheque")
    else:
        row = quiet_stack.catch_up(find_stuck, "the alarm over the cheque")
        assert len(quiet_stack.mail.find(order.email)) == (1 if where == THERE else 0)
        send_again(mismatch_id=row.pk, by=make_person())
        quiet_stack.catch_up(lambda: Cheque.objects.get().status == "sent", "the cheque")
    come_to_rest(quiet_stack)
    mails = quiet_stack.mail.find(order.email)
    assert len(mails) == (2 if where == THERE else 1)
    assert len({mail["Message-ID"] for mail in mails}) == 1


def find_stuck() -> Mismatch | None:
    return Mismatch.objects.filter(kind=Mismatch.Kind.CHEQUE_STUCK).first()


def make_person() -> User:
    return UserFactory(is_staff=True)
