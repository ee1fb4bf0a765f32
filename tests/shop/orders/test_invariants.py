"""The invariants: silent while the shop works, and each names what breaks it."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from payments.models import Bill, Refund
from shop.catalog.models import Lot, StockMovement
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders import jobs
from shop.orders.invariants import CHECKS, Violation, find_violations
from shop.orders.models import Cheque, Order, OrderEvent, OrderLine
from shop.orders.services import reject_order
from tests.factories.orders import make_order, settle
from tests.factories.payments import BillFactory
from tests.factories.vouchers import VoucherFactory

pytestmark = pytest.mark.django_db


def make_every_kind() -> Order:
    """Orders of every kind the shop leaves behind; the paid one."""
    make_order()
    reject_order(order=make_order(), by=None)
    settle(make_order(), Bill.Status.EXPIRED)
    settle(settle(make_order(), Bill.Status.EXPIRED), Bill.Status.PAID)
    late = make_order(quantity=10)
    reject_order(order=late, by=None)
    settle(late, Bill.Status.PAID)
    return settle(make_order(lines=2), Bill.Status.PAID)


def test_a_shop_at_work_breaks_nothing():
    make_every_kind()

    assert find_violations() == []


def test_it_asks_the_same_few_questions_however_many_orders_there_are(django_assert_num_queries):
    make_every_kind()

    with django_assert_num_queries(len(CHECKS)):
        find_violations()


def spoil(model: type, /, **changes: object) -> Callable[[Order], str]:
    """Change rows of the order behind the services' back."""

    def do(order: Order) -> str:
        rows = {
            Bill: Bill.objects.filter(order=order),
            Cheque: Cheque.objects.filter(order=order),
            Delivery: Delivery.objects.filter(order=order),
            DeliverySlot: DeliverySlot.objects.filter(deliveries__order=order),
            Lot: Lot.objects.filter(pk=order.lines.first().lots[0][0]),
            Order: Order.objects.filter(pk=order.pk),
            OrderLine: OrderLine.objects.filter(order=order),
        }[model]
        assert rows.update(**changes)
        return f"order {order.number}"

    return do


def keep_packs(order: Order) -> None:
    StockMovement.objects.filter(reference=order.number).first().delete()


def receive_twice(order: Order) -> None:
    lot_id = order.lines.first().lots[0][0]
    StockMovement.objects.create(lot_id=lot_id, kind="received", quantity=1)
    Lot.objects.filter(pk=lot_id).update(left=F("left") + 1)


def lose_cheque(order: Order) -> None:
    Cheque.objects.filter(order=order).delete()


def pay_again(order: Order) -> None:
    OrderEvent.objects.create(order=order, event="paid")


def give_back(amount: int) -> Callable[[Order], None]:
    def do(order: Order) -> None:
        Refund.objects.create(
            bill_id=order.bill_id, key="k", amount=amount, status="done", finished_at=timezone.now()
        )

    return do


def mix_up_receipt(order: Order) -> None:
    lines = [{"unit_price": "1.00", "quantity": 1}]
    Bill.objects.filter(order=order).update(receipt={"email": "a@example.com", "lines": lines})


def lose_voucher(order: Order) -> None:
    VoucherFactory().uses.create(
        user=order.user, reference=order.number, amount=0, returned_at=timezone.now()
    )


DAMAGE = {
    "what is left of a lot is the sum of its movements": spoil(Lot, left=F("left") - 1),
    "a lot was received once": receive_twice,
    "the lots of an order line are as many packs as were bought and not taken off again": spoil(
        OrderLine, lots=[]
    ),
    "an order holds its packs exactly as long as they are to be delivered": keep_packs,
    "as many places of a slot are taken as deliveries hold one": spoil(DeliverySlot, taken=F("taken") + 1),
    "a delivery begins when its order is paid and is canceled when it is given up": spoil(
        Delivery, status="waiting"
    ),
    "the goods of an order cost what its lines cost": spoil(
        Order, goods_total=F("goods_total") + 1, total=F("total") + 1
    ),
    "a discount is the sum of its parts, and has a label": spoil(
        Order, discount=F("discount") + 1, total=F("total") - 1
    ),
    "a voucher was used as often as orders hold a use of it": lambda _order: VoucherFactory(used=1),
    "an order holds its voucher exactly as long as it is to be delivered": lose_voucher,
    "a delivery costs what its order says": spoil(Delivery, price=1),
    "a bill asks for what its order costs": spoil(Bill, amount=1),
    "the lines of a fiscal receipt cost what its bill asks for": mix_up_receipt,
    "an order is paid exactly when its bill is": spoil(Bill, status="rejected", paid_at=None),
    "an order waits for its money only while its bill can be paid": spoil(Order, status="pending"),
    "an order is placed once and paid once": pay_again,
    "no more goes back than was paid": give_back(10_000),
    "an order that goes on is refunded exactly when all of its money went back": give_back(10_000),
    "money for an order that was given up is marked as due until it went back": spoil(
        Order, status="rejected"
    ),
    "an order is marked as owed exactly while somebody has to see to that": spoil(Order, needs_refund=True),
    "an order that was paid and goes on has its cheque, and no other has": lose_cheque,
}


@pytest.mark.parametrize("check", DAMAGE)
def test_each_rule_names_who_broke_it(check):
    order = make_every_kind()

    DAMAGE[check](order)

    assert check in {violation.check for violation in find_violations()}


def test_what_belongs_to_no_order_is_named():
    bill = BillFactory()
    delivery = Delivery.objects.get(pk=make_order().delivery_id)
    delivery.pk = None
    delivery.save()

    found = {violation.check: violation.subject for violation in find_violations()}

    assert found["a bill belongs to an order"] == f"bill {bill.pk}"
    assert found["a delivery belongs to an order"] == f"delivery {delivery.pk}"


def test_a_bill_left_open_when_its_order_was_given_up_is_named():
    order = settle(make_order(), Bill.Status.EXPIRED)
    Bill.objects.filter(pk=order.bill_id).update(status="waiting", opened_at=timezone.now())

    [violation] = find_violations()

    check = "the bill of an order that was given up is closed or about to be"
    assert violation == Violation(check, f"order {order.number}", "order expired, bill waiting")


def test_every_rule_is_tried():
    elsewhere = {
        "a bill belongs to an order",
        "a delivery belongs to an order",
        "the bill of an order that was given up is closed or about to be",
    }

    assert set(CHECKS) == set(DAMAGE) | elsewhere


def test_the_command_is_content_with_a_shop_in_order():
    make_every_kind()
    out = StringIO()

    call_command("check_invariants", stdout=out)

    assert f"All {len(CHECKS)} checks hold." in out.getvalue()


def test_the_command_names_what_is_broken_and_fails():
    order = make_every_kind()
    lose_cheque(order)
    err = StringIO()

    with pytest.raises(CommandError, match="Broken: 1"):
        call_command("check_invariants", stderr=err)

    assert f"order {order.number}: order paid, cheque missing" in err.getvalue()


def test_the_nightly_job_raises_an_alarm(caplog):
    order = make_every_kind()
    lose_cheque(order)

    assert jobs.check_invariants() == 1

    assert f"Broken invariant: order {order.number}" in caplog.text
