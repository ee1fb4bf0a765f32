"""Money given back: as much as was paid, once, and never forgotten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from payments import breaker, jobs, services, tasks
from payments.models import Bill, BillEvent, Refund
from payments.providers.base import AuthFailed, OutcomeUnknown, Unsupported
from payments.receipts import ReceiptDraft, ReceiptInvalid, ReceiptLine
from payments.services import RefundConflict, RefundImpossible, RefundTooLarge
from payments.signals import refund_changed
from tests.factories.accounts import UserFactory
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


@pytest.fixture
def told():
    changes: list[tuple[str, str]] = []

    def hear(*, refund: Refund, previous: str, **_kwargs: object) -> None:
        changes.append((previous, refund.status))

    refund_changed.connect(hear)
    yield changes
    refund_changed.disconnect(hear)


def ask(bill: Bill, amount: str = "1250.00", key: str = "k1", **more) -> Refund:
    return services.request_refund(
        bill_id=bill.pk, amount=Decimal(amount), key=key, reason="Не приехало", **more
    )


def given_back(shop: Account, bill: Bill) -> list[str]:
    return [item["amount"]["value"] for item in shop.find(bill).refunds]


class TestRequesting:
    def test_a_whole_bill_goes_back(self, shop, paid, told, eager_tasks, django_capture_on_commit_callbacks):
        user = UserFactory()

        with django_capture_on_commit_callbacks(execute=True):
            ask(paid, by=user)

        refund = Refund.objects.get()
        assert (refund.status, refund.requested_by, refund.by_hand) == ("done", user, False)
        assert refund.external_id == shop.find(paid).refunds[0]["id"]
        assert given_back(shop, paid) == ["1250.00"]
        assert told == [("requested", "done")]
        assert services.get_refundable(bill_id=paid.pk) == 0

    def test_parts_go_back_until_nothing_is_left(self, shop, paid):
        for number, amount in enumerate(("1000.00", "200.00", "50.00")):
            services.send_refund(refund_id=ask(paid, amount, key=f"k{number}").pk)

        assert sorted(given_back(shop, paid)) == ["1000.00", "200.00", "50.00"]
        with pytest.raises(RefundTooLarge) as refused:
            ask(paid, "0.01", key="more")
        assert refused.value.left == 0
        assert Refund.objects.count() == 3

    def test_one_key_is_one_refund(self, paid):
        assert ask(paid, "100.00") == ask(paid, "100.00")
        with pytest.raises(RefundConflict):
            ask(paid, "200.00")
        assert Refund.objects.count() == 1

    @pytest.mark.parametrize("amount", ["1250.01", "0", "-5.00", "0.001"])
    def test_no_other_sum_goes_back_than_was_paid(self, paid, amount):
        with pytest.raises(RefundTooLarge):
            ask(paid, amount)
        assert not Refund.objects.exists()

    def test_what_was_not_paid_does_not_go_back(self, shop):
        with pytest.raises(RefundImpossible):
            ask(shop.open_bill())
        assert not Refund.objects.exists()

    def test_a_failed_refund_can_be_asked_for_again(self, paid):
        Refund.objects.filter(pk=ask(paid).pk).update(status="failed", finished_at=timezone.now())

        assert services.get_refundable(bill_id=paid.pk) == paid.amount
        assert ask(paid, key="k2").status == "requested"

    def test_a_part_has_lines_of_the_rates_that_were_paid(self, shop, paid):
        refund = ask(paid, "125.00")

        lines = ReceiptDraft.read(refund.receipt).lines
        assert [(line.vat_code, line.total) for line in lines] == [(3, Decimal(100)), (11, Decimal(25))]
        assert services.send_refund(refund_id=refund.pk).status == "done"

    def test_lines_that_do_not_add_up_are_refused(self, paid):
        with pytest.raises(ReceiptInvalid):
            ask(paid, "100.00", receipt=RECEIPT)
        assert not Refund.objects.exists()

    def test_where_the_provider_cannot_a_person_does(self, told):
        bill = BillFactory(paid=True)
        with pytest.raises(Unsupported):
            ask(bill)

        facts = {
            "bill_id": bill.pk,
            "amount": bill.amount,
            "key": "k",
            "reason": "Опоздали",
            "by": UserFactory(),
        }
        with pytest.raises(ValueError, match="reference"):
            services.record_manual_refund(reference=" ", **facts)
        refund = services.record_manual_refund(reference="п/п 17", **facts)

        assert services.record_manual_refund(reference="п/п 17", **facts) == refund
        assert (refund.status, refund.by_hand, refund.external_id) == ("done", True, "п/п 17")
        assert told == [("requested", "done")]
        assert services.get_refundable(bill_id=bill.pk) == 0


class TestSending:
    def test_sending_twice_is_sending_once(self, shop, paid):
        refund = ask(paid, "100.00")
        for _ in range(3):
            services.send_refund(refund_id=refund.pk)
            Refund.objects.update(status="requested", external_id="", finished_at=None)

        assert given_back(shop, paid) == ["100.00"]

    @pytest.mark.parametrize("fault", ["drop_after", "status_after", "html"])
    def test_a_lost_answer_gives_nothing_back_twice(self, shop, paid, fault):
        refund = ask(paid, "100.00")
        shop.emulator.fail("refund", fault, times=3, status=500)
        with pytest.raises(OutcomeUnknown):
            services.send_refund(refund_id=refund.pk)
        shop.emulator.heal()

        assert services.send_refund(refund_id=refund.pk).status == "done"
        assert given_back(shop, paid) == ["100.00"]

    def test_a_lost_answer_is_found_after_its_key_is_forgotten(self, shop, paid):
        refund = ask(paid, "100.00")
        shop.emulator.fail("refund", "drop_after", times=3)
        with pytest.raises(OutcomeUnknown):
            services.send_refund(refund_id=refund.pk)
        shop.emulator.move_clock(seconds=25 * 3600)
        Refund.objects.update(sent_at=timezone.now() - timedelta(hours=25))

        assert services.send_refund(refund_id=refund.pk).status == "done"
        assert given_back(shop, paid) == ["100.00"]

    def test_a_refusal_fails_the_refund_and_raises_an_alarm(self, shop, paid, told):
        refund = ask(paid)
        shop.emulator.emulator.book.clear()

        assert services.send_refund(refund_id=refund.pk).status == "failed"
        assert told == [("requested", "failed")]
        assert BillEvent.objects.filter(result="refused").count() == 1

    def test_a_wrong_key_leaves_it_to_be_sent_later(self, paid, settings):
        refund = ask(paid)
        settings.YOOKASSA_SECRET_KEY = "wrong"

        with pytest.raises(AuthFailed):
            services.send_refund(refund_id=refund.pk)
        assert Refund.objects.get().status == "requested"

        breaker._close("yookassa")
        assert tasks.send_refund(str(refund.pk))["refused"] == "invalid_credentials"

    def test_what_got_lost_is_sent_by_the_job(self, shop, paid, eager_tasks):
        ask(paid)
        assert jobs.send_waiting_refunds() == 0
        Refund.objects.update(created_at=timezone.now() - timedelta(minutes=1))

        assert jobs.send_waiting_refunds() == 1
        assert Refund.objects.get().status == "done"
        assert jobs.send_waiting_refunds() == 0

    def test_more_given_back_than_we_know_of_is_an_alarm(self, shop, paid):
        number = shop.find(paid).bill_id
        by_hand = {"id": "x", "amount": {"value": "10.00", "currency": "RUB"}, "payment_id": number}
        shop.emulator.emulator.book.amend(number, lambda bill: replace(bill, refunds=[by_hand]))

        services.sync_bill(bill_id=paid.pk)

        alarm = BillEvent.objects.get(result="mismatch")
        assert alarm.detail == "refunded: ours 0, theirs 10.00"
        assert Bill.objects.get().status == "paid"


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_never_give_back_more_than_was_paid(yookassa_emulator, settings):
    shop = Account("yookassa", yookassa_emulator, settings)
    bill = shop.open_bill()
    shop.pay(bill)
    services.sync_bill(bill_id=bill.pk)

    def refund(number: int) -> bool:
        try:
            services.send_refund(refund_id=ask(bill, "300.00", key=f"k{number}").pk)
        except RefundTooLarge:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(5) as pool:
        done = list(pool.map(refund, range(10)))

    assert sum(done) == 4
    assert given_back(shop, bill) == ["300.00"] * 4
