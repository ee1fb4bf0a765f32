"""The second fiscal receipt: made once, when goods are handed over, for what is left of the money."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from payments import jobs, services
from payments.models import Bill, BillEvent, Refund, Settlement
from payments.providers.base import AuthFailed, OutcomeUnknown
from payments.receipts import ReceiptDraft, ReceiptLine
from tests.factories.payments import BillFactory
from tests.fixtures.payments import Account

pytestmark = pytest.mark.django_db

RECEIPT = ReceiptDraft(
    "buyer@example.com",
    (
        ReceiptLine("Малина, лоток 250 г", 5, Decimal("200.00"), 3),
        ReceiptLine("Доставка", 1, Decimal("250.00"), 11, subject="service"),
    ),
)


@pytest.fixture
def shop(yookassa_emulator, settings) -> Account:
    return Account("yookassa", yookassa_emulator, settings)


@pytest.fixture
def paid(shop) -> Bill:
    bill = shop.open_bill(receipt=RECEIPT)
    shop.pay(bill)
    return services.sync_bill(bill_id=bill.pk)


def ask(bill: Bill) -> Settlement:
    settlement = services.request_settlement(bill_id=bill.pk)
    assert settlement
    return settlement


def list_receipts(shop: Account, bill: Bill) -> list[dict]:
    return shop.find(bill).receipts


def test_what_was_paid_before_is_settled_line_by_line(shop, paid):
    settlement = services.send_settlement(settlement_id=ask(paid).pk)

    assert (settlement.status, settlement.amount) == ("pending", Decimal("1250.00"))
    assert {line["mode"] for line in settlement.receipt["lines"]} == {"full_payment"}
    assert len(settlement.receipt["lines"]) == 2
    (receipt,) = list_receipts(shop, paid)
    assert receipt["settlements"] == [
        {"type": "prepayment", "amount": {"value": "1250.00", "currency": "RUB"}}
    ]
    assert services.send_settlement(settlement_id=settlement.pk).status == "done"


def test_it_is_asked_for_once_however_often(shop, paid, eager_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(paid)
        assert ask(paid) == first

    assert len(list_receipts(shop, paid)) == 1


def test_what_was_given_back_before_is_not_on_it(paid):
    services.request_refund(bill_id=paid.pk, amount=Decimal("450.00"), key="k", reason="x")

    settlement = ask(paid)

    assert settlement.amount == Decimal("800.00")
    assert ReceiptDraft.read(settlement.receipt).total == Decimal("800.00")


def test_what_is_given_back_afterwards_says_that_it_was_handed_over(shop, paid):
    ask(paid)
    refund = services.request_refund(bill_id=paid.pk, amount=Decimal("200.00"), key="k", reason="x")

    assert {line["mode"] for line in refund.receipt["lines"]} == {"full_payment"}
    assert services.send_refund(refund_id=refund.pk).status == Refund.Status.DONE


def test_none_is_due_where_nothing_is_left_or_nobody_makes_receipts(paid, settings):
    services.request_refund(bill_id=paid.pk, amount=paid.amount, key="k", reason="x")

    assert services.request_settlement(bill_id=paid.pk) is None
    assert services.request_settlement(bill_id=BillFactory(paid=True, provider="qiwi").pk) is None
    assert services.request_settlement(bill_id=BillFactory(provider="yookassa").pk) is None
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("fault", ["drop_after", "status_after", "truncate"])
def test_a_lost_answer_makes_no_second_one(shop, paid, fault):
    settlement = ask(paid)
    shop.emulator.fail("settle", fault, times=None)
    with pytest.raises(OutcomeUnknown):
        services.send_settlement(settlement_id=settlement.pk)
    shop.emulator.heal()

    services.send_settlement(settlement_id=settlement.pk)

    assert len(list_receipts(shop, paid)) == 1


def test_a_lost_answer_is_found_after_its_key_is_forgotten(shop, paid):
    settlement = ask(paid)
    shop.emulator.fail("settle", "drop_after", times=None)
    with pytest.raises(OutcomeUnknown):
        services.send_settlement(settlement_id=settlement.pk)
    shop.emulator.heal()
    shop.emulator.move_clock(seconds=25 * 3600)
    Settlement.objects.update(sent_at=timezone.now() - timedelta(hours=25))

    assert services.send_settlement(settlement_id=settlement.pk).status == "done"
    assert len(list_receipts(shop, paid)) == 1


def test_a_refusal_fails_it_and_raises_an_alarm(shop, paid):
    settlement = ask(paid)
    Settlement.objects.update(amount=Decimal("1.00"))

    assert services.send_settlement(settlement_id=settlement.pk).status == "failed"
    alarm = BillEvent.objects.get(bill=paid, result="refused")
    assert "settlement receipt" in alarm.detail
    assert list_receipts(shop, paid) == []


def test_a_wrong_key_leaves_it_to_be_sent_later(shop, paid, settings):
    settlement = ask(paid)
    settings.YOOKASSA_SECRET_KEY = "wrong"

    with pytest.raises(AuthFailed):
        services.send_settlement(settlement_id=settlement.pk)

    settlement.refresh_from_db()
    assert (settlement.status, settlement.sent_at is None) == ("requested", False)


def test_what_got_lost_is_sent_by_the_job(shop, paid, eager_tasks):
    ask(paid)
    Settlement.objects.update(created_at=timezone.now() - timedelta(minutes=2))

    assert jobs.send_waiting_settlements() == 1
    assert len(list_receipts(shop, paid)) == 1
