"""The nightly comparison: every difference becomes a row, once; what can be repaired is; staff are told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from payments import breaker
from payments.emulator.bills import Bill as EmulatedBill
from payments.models import Bill, Refund
from payments.providers import get_provider
from payments.services import open_bill, sync_bill
from shop.orders import finding, jobs, settling
from shop.orders.invariants import find_violations
from shop.orders.models import Mismatch, Order, Reconciliation
from shop.orders.reconciling import reconcile
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order
from tests.fixtures.payments import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(settings, eager_tasks):
    settings.STAFF_EMAIL = "staff@example.com"


def place_open(account: Account) -> Order:
    order = make_order()
    open_bill(bill_id=order.bill_id)
    return order


def place_paid(account: Account) -> Order:
    order = place_open(account)
    account.pay(order.bill)
    sync_bill(bill_id=order.bill_id)
    return Order.objects.select_related("bill").get(pk=order.pk)


def amend(account: Account, order: Order, **changes) -> None:
    number = account.find(order.bill).bill_id
    account.emulator.emulator.book.amend(number, lambda bill: replace(bill, **changes))


def list_rows() -> list[tuple[str, str]]:
    return sorted(Mismatch.objects.open().values_list("kind", "details__said"))


def test_where_all_agrees_nothing_is_found_and_nobody_is_told(account):
    place_paid(account)
    place_open(account)

    run = reconcile()

    run.refresh_from_db()
    assert (run.asked, run.unasked, run.repaired) == (2, 0, 0)
    assert run.finished_at
    assert run.reported_at
    assert (list_rows(), mail.outbox) == ([], [])


def test_a_lost_notification_is_made_up_for(account, caplog):
    order = place_open(account)
    account.pay(order.bill)

    run = reconcile()

    assert run.repaired == 1
    assert Order.objects.get().status == "paid"
    assert list_rows() == []
    assert "is not in step with its provider" in caplog.text
    assert find_violations() == []


def test_another_amount_is_listed_once_and_staff_are_told_once(account):
    order = place_paid(account)
    amend(account, order, value="1.00")

    for _night in range(2):
        Reconciliation.objects.all().delete()
        reconcile()
    jobs.reconcile_money()

    assert list_rows() == [("amount_differs", "amount: ours 1030.00, theirs 1.00")]
    assert len(mail.outbox) == 2
    assert order.number in mail.outbox[0].body
    assert "Деньги не сходятся" in mail.outbox[0].subject


def test_what_agrees_again_is_settled(account):
    order = place_paid(account)
    amend(account, order, value="1.00")
    reconcile()
    amend(account, order, value="1030.00")
    row, person = Mismatch.objects.get(), UserFactory()

    assert settling.ask_again(mismatch_id=row.pk, by=person)

    row.refresh_from_db()
    assert (row.how, row.settled_by) == ("gone", person)
    assert order.events.get(event="asked_again").by == person


def test_a_bill_the_provider_has_lost_is_listed(account):
    place_paid(account)
    account.emulator.emulator.book.clear()

    reconcile()

    assert [kind for kind, _said in list_rows()] == ["bill_missing"]


def test_a_refund_nobody_asked_us_for_is_listed_and_written_down(yookassa_emulator, settings):
    account = Account("yookassa", yookassa_emulator, settings)
    order = place_paid(account)
    number = account.find(order.bill).bill_id
    by_hand = {"id": "x", "amount": {"value": "30.00", "currency": "RUB"}, "payment_id": number}
    amend(account, order, refunds=[by_hand])

    reconcile()
    row = Mismatch.objects.get()
    assert (row.kind, row.amount) == ("refund_unknown", Decimal("30.00"))
    settling.record_found(mismatch_id=row.pk, by=UserFactory(), reference="x")

    Reconciliation.objects.all().delete()
    reconcile()
    assert list_rows() == []
    assert find_violations() == []


def make_payment(account: Account, order: Order | None) -> str:
    """A payment the provider was paid without our knowing; it may bear the number of one of our bills."""
    ours = {"bill_id": str(order.bill_id)} if order else {}
    new = EmulatedBill(
        bill_id=str(uuid4()),
        site_id=account.emulator.site_id,
        currency="RUB",
        value="1030.00",
        created=timezone.now(),
        expires=timezone.now() + timedelta(hours=1),
        custom_fields=ours,
    )
    account.emulator.notify("")
    account.emulator.emulator.book.add(new)
    account.emulator.pay(new.bill_id)
    return new.bill_id


def test_money_at_the_provider_that_no_bill_stands_for_is_listed_once(yookassa_emulator, settings):
    account = Account("yookassa", yookassa_emulator, settings)
    place_paid(account)
    make_payment(account, None)

    for _night in range(2):
        Reconciliation.objects.all().delete()
        reconcile()

    assert [kind for kind, _said in list_rows()] == ["bill_unknown"]
    assert find_violations() == []


def test_a_bill_that_was_paid_twice_is_listed_and_settled_by_a_note(yookassa_emulator, settings):
    account = Account("yookassa", yookassa_emulator, settings)
    order = place_paid(account)
    number = make_payment(account, order)

    reconcile()

    row = Mismatch.objects.open().get()
    assert (row.kind, row.order, row.amount) == ("paid_twice", order, Decimal("1030.00"))
    assert number in row.details["said"]
    with pytest.raises(settling.NoteMissing):
        settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note=" ")
    settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="returned by transfer 17")
    Reconciliation.objects.all().delete()
    reconcile()
    assert list_rows() == []
    assert Order.objects.get(pk=order.pk).status == "paid"


def test_a_provider_that_does_not_say_what_was_paid_is_counted(yookassa_emulator, settings):
    account = Account("yookassa", yookassa_emulator, settings)
    place_paid(account)
    account.emulator.fail("list", "status", times=None)

    run = reconcile()

    run.refresh_from_db()
    assert (run.asked, run.unasked) == (1, 1)
    assert len(mail.outbox) == 1


def test_a_provider_that_is_away_is_left_alone_and_asked_again_later(account):
    place_paid(account)
    with account.being_away():
        for _failure in range(6):
            breaker._count_failure(account.code)
        run = reconcile()
        assert (run.asked, run.finished_at) == (0, None)
    breaker._close(account.code)

    run = reconcile()

    assert run.asked == 1
    assert run.finished_at


def test_what_stays_unanswered_is_counted_when_the_night_is_over(account):
    place_paid(account)
    for _failure in range(6):
        breaker._count_failure(account.code)
    night = timezone.now().replace(hour=1)
    reconcile(now=night)

    run = reconcile(now=night + timedelta(hours=2))

    # The bill, and what was paid at all where that can be asked for.
    assert run.unasked == 1 + get_provider(account.code).capabilities.lists_paid
    assert run.finished_at
    assert len(mail.outbox) == 1


def test_a_run_that_was_cut_off_goes_on_where_it_was(account):
    for _order in range(3):
        place_paid(account)

    run = reconcile(seconds=0)
    assert (run.asked, run.finished_at) == (0, None)
    run = reconcile()

    assert run.asked == 3
    assert Reconciliation.objects.count() == 1
    assert reconcile() is None


def test_two_workers_do_not_do_it_twice(account):
    place_paid(account)
    day = timezone.localdate()
    Reconciliation.objects.create(day=day, claimed_until=timezone.now() + timedelta(minutes=3))

    assert reconcile() is None


def test_what_needs_no_provider_is_found_too(account):
    order = place_paid(account)
    order.cheque.delete()
    Refund.objects.create(bill=order.bill, key="k", amount=30, created_at=timezone.now() - timedelta(hours=7))
    Bill.objects.update(opening_at=None)  # nobody is asked

    reconcile()

    assert [kind for kind, _said in list_rows()] == ["cheque_missing", "refund_stuck"]


def test_orders_owed_from_before_there_were_rows_get_theirs():
    order = make_order()
    Order.objects.update(needs_refund=True)

    finding.note_forgotten_money()

    assert Mismatch.objects.get().order == order


def test_a_mail_server_that_is_away_gets_the_report_later(account, monkeypatch):
    order = place_paid(account)
    order.cheque.delete()
    run = Reconciliation.objects.create(day=timezone.localdate(), finished_at=timezone.now())
    finding.note_missing_cheques()

    jobs.reconcile_money()
    jobs.reconcile_money()

    run.refresh_from_db()
    assert run.reported_at
    assert [message.to for message in mail.outbox] == [["staff@example.com"]]
