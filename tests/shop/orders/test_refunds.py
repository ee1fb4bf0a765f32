"""Money that goes back: the order follows, the shopper is told once, and what fails waits for a person."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from payments.models import Bill, Refund
from payments.services import RefundTooLarge, open_bill, sync_bill
from payments.signals import refund_changed
from shop.catalog.models import Lot
from shop.orders import jobs
from shop.orders.cheques import send_letter
from shop.orders.emails import build_letter
from shop.orders.invariants import find_violations
from shop.orders.models import Letter, Mismatch, Order
from shop.orders.refunds import ReferenceMissing, follow_refund, refund_order
from shop.orders.services import reject_order
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db


def make_paid_order(**options) -> Order:
    return settle(make_order(**options), Bill.Status.PAID)


def make_owed_order(**options) -> Order:
    """An order whose money came after it was rejected."""
    order = make_order(**options)
    reject_order(order=order, by=None)
    return settle(order, Bill.Status.PAID)


def give_back(order: Order, amount: str = "1030.00", **changes) -> Refund:
    facts = {
        "key": str(uuid4()),
        "reason": "Помялись",
        "by": UserFactory(is_staff=True),
        "reference": "п/п 17",
    }
    return refund_order(order=order, amount=Decimal(amount), **facts | changes)


def fail_to_give_back(order: Order, amount: str = "100.00", key: str = "") -> Refund:
    refund = Refund.objects.create(
        bill_id=order.bill_id,
        key=key or str(uuid4()),
        amount=Decimal(amount),
        status="failed",
        failure="no money",
        finished_at=timezone.now(),
    )
    refund_changed.send(sender=Refund, refund=refund, previous="pending")
    return refund


def reload(order: Order) -> Order:
    return Order.objects.with_details().get(pk=order.pk)


def list_events(order: Order) -> list[str]:
    return list(order.events.values_list("event", flat=True))


class TestFollowing:
    def test_a_paid_order_is_refunded_when_all_went_back(self):
        order = make_paid_order()
        taken = Lot.objects.get().left

        refund = give_back(order)

        order = reload(order)
        assert (order.status, order.delivery.status) == ("refunded", "canceled")
        assert order.delivery.slot.taken == 0
        assert Lot.objects.get().left == taken + 2
        event = order.events.get(event="refunded")
        assert event.by == refund.requested_by
        assert (event.details["amount"], event.details["left"]) == ("1030.00", "0.00")
        assert find_violations() == []

    def test_what_is_on_its_way_stays_on_its_way(self):
        order = make_paid_order()
        order.delivery.status = "on_the_way"
        order.delivery.save()

        give_back(order)

        order = reload(order)
        assert (order.status, order.delivery.status) == ("refunded", "on_the_way")
        assert find_violations() == []

    def test_a_part_is_noted_and_changes_nothing_else(self):
        order = make_paid_order()

        give_back(order, "30.00")

        assert (reload(order).status, reload(order).delivery.status) == ("paid", "packing")
        assert order.events.get(event="refunded").details["left"] == "1000.00"
        give_back(order, "1000.00")
        assert reload(order).status == "refunded"
        assert find_violations() == []

    def test_an_owed_order_keeps_its_status_and_loses_its_flag(self):
        order = make_owed_order()
        assert order.needs_refund

        give_back(order, "30.00")
        assert reload(order).needs_refund
        give_back(order, "1000.00")

        order = reload(order)
        assert (order.status, order.needs_refund) == ("rejected", False)
        assert Mismatch.objects.get().how == "gone"
        assert find_violations() == []

    def test_hearing_it_twice_changes_nothing(self):
        order = make_paid_order()
        refund = give_back(order, "30.00")
        before = list_events(order)

        follow_refund(refund=refund)

        assert list_events(order) == before
        assert Letter.objects.count() == 1

    def test_a_failure_marks_the_order_and_raises_an_alarm(self, caplog):
        order = make_paid_order()

        refund = fail_to_give_back(order)

        order = reload(order)
        row = Mismatch.objects.get()
        assert (order.status, order.needs_refund) == ("paid", True)
        assert (row.kind, row.amount, row.order) == ("refund_due", Decimal("100.00"), order)
        assert row.details["refund"] == str(refund.pk)
        assert "could not be given back: no money" in caplog.text
        assert find_violations() == []

    def test_a_failure_leaves_an_owed_order_with_its_one_row(self):
        order = make_owed_order()
        Mismatch.objects.update(taken_at=timezone.now(), taken_by=UserFactory())

        fail_to_give_back(order, "1030.00")

        row = Mismatch.objects.get()
        assert (row.kind, row.taken_by) == ("paid_late", None)
        assert reload(order).needs_refund


class TestAsking:
    def test_by_hand_needs_the_number_of_the_transfer(self):
        order = make_paid_order()

        with pytest.raises(ReferenceMissing):
            give_back(order, reference=" ")

        assert not Refund.objects.exists()
        assert "refund_requested" not in list_events(order)

    def test_not_more_than_is_left_goes_back(self):
        order = make_paid_order()

        with pytest.raises(RefundTooLarge):
            give_back(order, "1030.01")

        assert not Refund.objects.exists()
        assert "refund_requested" not in list_events(order)

    def test_one_key_gives_one_refund(self):
        order = make_paid_order()

        refunds = [give_back(order, "30.00", key="one") for _ in range(2)]

        assert refunds[0] == refunds[1]
        assert list_events(order).count("refund_requested") == 1

    def test_the_provider_does_it_where_it_can(
        self, yookassa_emulator, settings, eager_tasks, django_capture_on_commit_callbacks
    ):
        order = make_order()
        open_bill(bill_id=order.bill_id)
        [bill] = yookassa_emulator.emulator.book.list_all()
        yookassa_emulator.pay(bill.bill_id)
        sync_bill(bill_id=order.bill_id)
        mail.outbox.clear()

        with django_capture_on_commit_callbacks(execute=True):
            refund = give_back(order, reference="")

        assert Refund.objects.get().status == "done"
        assert not refund.by_hand
        assert reload(order).status == "refunded"
        assert [message.to for message in mail.outbox] == [[order.email]]
        assert find_violations() == []


class TestLetters:
    def test_money_that_came_too_late_is_promised_once(self, eager_tasks, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            order = make_owed_order()

        assert [message.subject for message in mail.outbox] == [f"Вернём деньги за заказ {order.number}"]
        assert not send_letter(letter_id=Letter.objects.get().pk)
        assert len(mail.outbox) == 1

    def test_money_that_went_back_is_told_of_once(self, eager_tasks, django_capture_on_commit_callbacks):
        order = make_paid_order(language="en")

        with django_capture_on_commit_callbacks(execute=True):
            give_back(order, "30.00")

        assert [message.subject for message in mail.outbox] == [f"We returned ₽30 for order {order.number}"]
        assert Letter.objects.get().status == "sent"

    def test_a_dead_worker_only_delays_it(self, eager_tasks):
        make_owed_order()
        assert jobs.send_pending_letters() == 0
        Letter.objects.update(created_at=timezone.now() - timedelta(minutes=2))

        assert jobs.send_pending_letters() == 1
        assert jobs.send_pending_letters() == 0
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_both_parts_say_how_much_and_how(self, language, settings):
        order = make_paid_order(language=language)
        give_back(order, "30.00")
        letter = Letter.objects.select_related("order__bill", "refund").get()

        message = build_letter(letter)

        words = {"ru": ("30\xa0₽", "переводом"), "en": ("₽30", "bank transfer")}[language]
        for part in (message.body, unescape(message.alternatives[0][0])):
            for expected in (*words, order.number, str(order.bill_id), settings.SITE_URL):
                assert expected in part
        assert message.extra_headers["Message-ID"] == f"<refunded-{letter.refund_id}@127.0.0.1>"


def test_the_shopper_reads_that_the_money_was_returned(client):
    order = make_owed_order()
    give_back(order)
    client.force_login(order.user)

    text = client.get(f"/orders/{order.number}/").content.decode()

    assert "Деньги возвращены" in text
