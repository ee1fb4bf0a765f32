"""An order follows its bill, and money is never forgotten."""

import pytest

from payments.models import Bill
from payments.signals import bill_changed
from shop.catalog.models import Lot, StockMovement
from shop.delivery.models import DeliverySlot
from shop.orders import jobs
from shop.orders.models import Cheque, Order, OrderEvent
from shop.orders.services import NotRejectable, reject_order
from tests.factories.catalog import LotFactory
from tests.factories.orders import make_order, settle
from tests.factories.payments import BillFactory

pytestmark = pytest.mark.django_db
Status = Bill.Status


def list_events(order: Order) -> list[str]:
    return list(order.events.values_list("event", flat=True))


def count_left() -> int:
    return sum(Lot.objects.values_list("left", flat=True))


def count_taken() -> int:
    return sum(DeliverySlot.objects.values_list("taken", flat=True))


def deliver_of(order: Order) -> tuple[str, list[str]]:
    return order.delivery.status, [event.status for event in order.delivery.events.all()]


class TestPaid:
    def test_a_paid_bill_makes_a_paid_order_a_cheque_and_a_delivery(self):
        order = settle(make_order(), Status.WAITING)
        assert order.status == "pending"

        order = settle(order, Status.PAID)

        assert (order.status, order.paid_at, order.needs_refund) == ("paid", order.bill.paid_at, False)
        assert order.cheque.status == "pending"
        assert deliver_of(order) == ("packing", ["packing"])
        assert list_events(order) == ["placed", "paid"]
        assert (count_left(), count_taken()) == (8, 1)

    def test_the_same_news_twice_changes_nothing(self):
        order = settle(make_order(), Status.PAID)

        bill_changed.send(sender=Bill, bill=order.bill, previous="waiting")

        assert Cheque.objects.count() == 1
        assert list_events(order) == ["placed", "paid"]
        assert order.delivery.events.count() == 1

    def test_news_of_a_bill_without_an_order_concerns_nobody(self):
        bill = BillFactory(paid=True)

        bill_changed.send(sender=Bill, bill=bill, previous="waiting")

        assert Order.objects.count() == OrderEvent.objects.count() == 0


class TestGivenUp:
    @pytest.mark.parametrize(("bill", "status"), [(Status.EXPIRED, "expired"), (Status.REJECTED, "rejected")])
    def test_a_closed_bill_gives_stock_and_slot_back_once(self, bill, status):
        order = settle(settle(make_order(), Status.WAITING), bill)

        bill_changed.send(sender=Bill, bill=order.bill, previous="waiting")

        order = Order.objects.with_details().get(pk=order.pk)
        assert (order.status, order.paid_at) == (status, None)
        assert deliver_of(order) == ("canceled", ["canceled"])
        assert (count_left(), count_taken()) == (10, 0)
        assert StockMovement.objects.filter(kind="returned").count() == 1
        assert list_events(order) == ["placed", status]
        assert not Cheque.objects.exists()


class TestRejecting:
    def test_an_unpaid_order_is_given_up_at_once_and_its_bill_by_a_task(self):
        order = settle(make_order(), Status.WAITING)

        rejected = reject_order(order=order, by=order.user)

        rejected = Order.objects.with_details().get(pk=order.pk)
        assert rejected.status == "rejected"
        assert rejected.reject_task_id
        assert rejected.bill.reject_requested_at
        assert (count_left(), count_taken()) == (10, 0)
        assert rejected.events.get(event="rejected").by == order.user

    def test_a_second_time_changes_nothing_and_names_the_same_task(self):
        order = make_order()
        first = reject_order(order=order, by=order.user)

        again = reject_order(order=order, by=order.user)

        assert again.reject_task_id == first.reject_task_id
        assert (count_left(), count_taken()) == (10, 0)
        assert list_events(order) == ["placed", "rejected"]

    @pytest.mark.parametrize("ending", [Status.PAID, Status.EXPIRED])
    def test_what_is_paid_or_closed_stays_as_it_is(self, ending):
        order = settle(make_order(), ending)
        before = (order.status, count_left(), count_taken(), list_events(order))

        with pytest.raises(NotRejectable):
            reject_order(order=order, by=order.user)

        order = Order.objects.with_details().get(pk=order.pk)
        assert (order.status, count_left(), count_taken(), list_events(order)) == before
        assert order.bill.reject_requested_at is None

    def test_the_rejected_bill_changes_nothing_more(self):
        order = settle(make_order(), Status.WAITING)
        reject_order(order=order, by=order.user)

        order = settle(order, Status.REJECTED)

        assert order.status == "rejected"
        assert (count_left(), count_taken()) == (10, 0)


class TestPaidTooLate:
    @pytest.mark.parametrize("ending", [Status.EXPIRED, Status.REJECTED])
    def test_stock_and_slot_are_taken_again_where_they_are_there(self, ending):
        order = settle(settle(make_order(), Status.WAITING), ending)

        order = settle(order, Status.PAID)

        assert (order.status, order.needs_refund, order.bill.overruled) == ("paid", False, True)
        assert (count_left(), count_taken()) == (8, 1)
        assert deliver_of(order) == ("packing", ["canceled", "packing"])
        assert order.cheque.status == "pending"
        assert list_events(order) == ["placed", str(ending), "revived", "paid"]

    def test_the_lots_of_the_lines_are_those_taken_the_second_time(self):
        order = settle(make_order(), Status.EXPIRED)
        Lot.objects.update(left=0)
        fresh = LotFactory(pack=order.lines.get().pack, quantity=5)

        order = settle(order, Status.PAID)

        assert order.lines.get().lots == [[fresh.pk, 2]]

    @pytest.mark.parametrize("missing", ["stock", "slot"])
    def test_where_something_is_missing_the_money_goes_back_and_nothing_is_taken(self, missing, caplog):
        order = settle(make_order(), Status.EXPIRED)
        if missing == "stock":
            Lot.objects.update(left=1)
        else:
            DeliverySlot.objects.update(capacity=0)
        before = (count_left(), count_taken())

        order = settle(order, Status.PAID)

        assert (order.status, order.needs_refund) == ("expired", True)
        assert order.paid_at == order.bill.paid_at
        assert (count_left(), count_taken()) == before
        assert deliver_of(order) == ("canceled", ["canceled"])
        assert list_events(order) == ["placed", "expired", "refund_due", "mismatch_found"]
        assert not Cheque.objects.exists()
        assert "money has to go back" in caplog.text

    def test_who_rejected_while_paying_gets_the_money_back(self):
        order = settle(make_order(), Status.WAITING)
        reject_order(order=order, by=order.user)

        order = settle(order, Status.PAID)

        assert (order.status, order.needs_refund, order.bill.overruled) == ("rejected", True, False)
        assert (count_left(), count_taken()) == (10, 0)


class TestReconciling:
    def test_an_order_that_missed_the_news_catches_up_with_an_alarm(self, caplog):
        order = make_order()
        Bill.objects.filter(pk=order.bill_id).update(status="paid", paid_at=order.placed_at)

        assert jobs.reconcile_orders() == 1

        order.refresh_from_db()
        assert order.status == "paid"
        assert order.cheque.status == "pending"
        assert "did not follow its bill" in caplog.text
        assert jobs.reconcile_orders() == 0

    def test_orders_in_step_are_left_alone(self):
        make_order()
        settle(make_order(), Status.PAID)
        settle(make_order(), Status.EXPIRED)

        assert jobs.reconcile_orders() == 0
