"""The power goes out at each step of a money task: what is done again, and what is left to a person.

The quick half of tests/faults/test_killed_workers.py: no process dies here, but nothing more of it happens.
"""

from collections.abc import Callable

import pytest
from django.core import mail

from payments import services as payments
from payments import tasks as payment_tasks
from payments.models import Bill
from shop.orders import tasks as order_tasks
from shop.orders.invariants import find_violations
from shop.orders.models import Cheque, Order, OrderEvent
from shop.orders.services import reject_order
from tests.factories.orders import make_order
from tests.faults.breakpoints import find

pytestmark = pytest.mark.django_db(transaction=True)
EXCHANGE, QIWI = "payments.exchange", "payments.providers.qiwi.provider.QiwiProvider"


class PowerCut(BaseException):
    """Nobody handles this: whatever would have come next does not."""


@pytest.fixture
def cut_at(monkeypatch) -> Callable[[str, Callable[[], object]], None]:
    """Run something until it comes to the end of a function, and no further; afterwards all works again."""

    def cut(place: str, run: Callable[[], object]) -> None:
        owner, name = find(place)
        function = getattr(owner, name)

        def last(*args, **kwargs):
            function(*args, **kwargs)
            raise PowerCut

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, last)
            with pytest.raises(PowerCut):
                run()

    return cut


@pytest.mark.parametrize(
    "place", [f"{EXCHANGE}._begin_opening", f"{QIWI}.create", f"{EXCHANGE}._tell", f"{EXCHANGE}._apply"]
)
def test_a_bill_half_opened_is_opened_once(qiwi_emulator, cut_at, place):
    order = make_order()

    cut_at(place, lambda: payment_tasks.open_bill(str(order.bill_id)))
    payment_tasks.open_bill(str(order.bill_id))

    assert Bill.objects.get().status == "waiting"
    assert [bill.bill_id for bill in qiwi_emulator.emulator.book.list_all()] == [str(order.bill_id)]


@pytest.mark.parametrize(
    "place", [f"{QIWI}.fetch", "shop.orders.services._go_on", f"{EXCHANGE}._tell", f"{EXCHANGE}._apply"]
)
def test_money_half_noticed_is_noticed_once(qiwi_emulator, cut_at, place):
    order = make_order()
    payments.open_bill(bill_id=order.bill_id)
    qiwi_emulator.pay(order.bill_id)

    cut_at(place, lambda: payment_tasks.sync_bill(str(order.bill_id)))
    payment_tasks.sync_bill(str(order.bill_id))
    order_tasks.send_cheque(order.pk)

    assert Order.objects.get().status == "paid"
    assert OrderEvent.objects.filter(event="paid").count() == len(mail.outbox) == 1
    assert find_violations() == []


@pytest.mark.parametrize(
    "place", [f"{EXCHANGE}._begin_reject", f"{QIWI}.reject", f"{EXCHANGE}._tell", f"{EXCHANGE}._apply"]
)
def test_a_bill_half_rejected_is_rejected(qiwi_emulator, cut_at, place):
    order = make_order()
    payments.open_bill(bill_id=order.bill_id)
    reject_order(order=order, by=order.user)

    cut_at(place, lambda: payment_tasks.reject_bill(str(order.bill_id)))
    payment_tasks.reject_bill(str(order.bill_id))

    assert Bill.objects.get().status == "rejected"
    assert qiwi_emulator.get(order.bill_id).status == "REJECTED"
    assert find_violations() == []


@pytest.mark.parametrize(
    ("place", "status", "sent"),
    [
        ("shop.orders.cheques.build_cheque", "sent", 1),
        ("shop.orders.cheques.claim", "sending", 0),
        ("shop.orders.cheques.hand_over", "sending", 1),
        ("shop.orders.cheques._mark", "sent", 1),
    ],
)
def test_a_cheque_half_sent_is_never_sent_again_by_itself(qiwi_emulator, cut_at, place, status, sent):
    order = make_order()
    payments.open_bill(bill_id=order.bill_id)
    qiwi_emulator.pay(order.bill_id)
    payments.sync_bill(bill_id=order.bill_id)

    cut_at(place, lambda: order_tasks.send_cheque(order.pk))
    order_tasks.send_cheque(order.pk)

    assert (Cheque.objects.get().status, len(mail.outbox)) == (status, sent)
