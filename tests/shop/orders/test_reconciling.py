"""The nightly comparison: every difference becomes a row, once; what can be repaired is; staff are told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from core.jobs import send_pending_mails
from core.models import Mail
from payments import breaker
from payments.emulator.bills import Bill as EmulatedBill
from payments.models import Bill, Refund
from payments.providers import get_provider
from payments.services import open_bill, sync_bill
from shop.orders import finding, jobs, settling
from shop.orders.emails import build_letter
from shop.orders.invariants import find_violations
from shop.orders.models import Letter, Mismatch, Order, Reconciliation
from shop.orders.reconciling import reconcile
from shop.orders.refunds import ReferenceMissing
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

    assert list_rows() == [("amount_differs", "amount: ours 1030.00, theirs 1.00, paid there")]
    [message] = mail.outbox
    assert message.to == ["staff@example.com"]
    assert order.number in message.body
    assert "Деньги не сходятся" in message.subject


def place_underpaid(account: Account) -> Order:
    """An order whose shopper paid another sum than its bill asks for."""
    order = place_open(account)
    amend(account, order, value="1.00")
    account.pay(order.bill)
    sync_bill(bill_id=order.bill_id)
    jobs.note_mismatches()
    return order


def test_a_payment_of_another_sum_that_went_back_gives_its_order_up_and_is_asked_about_no_more(
    account, django_capture_on_commit_callbacks
):
    order, person = place_underpaid(account), UserFactory()
    row = Mismatch.objects.get()
    assert (row.kind, Order.objects.get().status) == ("amount_differs", "pending")

    with django_capture_on_commit_callbacks(execute=True):
        settling.settle_by_return(mismatch_id=row.pk, by=person, reference="п/п 17")

    after = Order.objects.select_related("bill", "delivery__slot").get()
    assert (after.status, after.delivery.status, after.delivery.slot.taken) == ("rejected", "canceled", 0)
    assert after.events.get(event="mismatch_settled").details["note"] == "п/п 17"
    assert after.events.get(event="rejected").by == person
    [letter] = [message for message in mail.outbox if message.to == [order.email]]
    assert "п/п 17" in letter.body
    assert after.bill.status == "rejected"
    later = timezone.now() + timedelta(days=1)
    assert not Bill.objects.needing_check(later).exists()
    assert not Bill.objects.needing_reject(later).exists()
    assert find_violations() == []

    sync_bill(bill_id=order.bill_id)
    Reconciliation.objects.all().delete()
    reconcile()
    assert jobs.note_mismatches() == 0
    assert list_rows() == []


def test_a_payment_of_another_sum_is_settled_by_no_words_and_not_without_saying_how(account):
    place_underpaid(account)
    row = Mismatch.objects.get()

    with pytest.raises(settling.WrongAction):
        settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="И так хорошо")
    with pytest.raises(ReferenceMissing):
        settling.settle_by_return(mismatch_id=row.pk, by=UserFactory(), reference=" ")

    assert Mismatch.objects.open().filter(pk=row.pk).exists()
    assert Order.objects.get().status == "pending"


def test_a_payment_of_another_sum_that_comes_after_all_was_settled_is_listed_again(account):
    order = place_open(account)
    amend(account, order, value="1.00")
    sync_bill(bill_id=order.bill_id)
    jobs.note_mismatches()
    settling.settle_by_return(mismatch_id=Mismatch.objects.get().pk, by=UserFactory(), reference="не платил")
    account.pay(order.bill)

    sync_bill(bill_id=order.bill_id)

    assert jobs.note_mismatches() == 1
    assert list_rows() == [("amount_differs", "amount: ours 1030.00, theirs 1.00, paid there")]


def test_where_the_bill_is_paid_here_too_nothing_is_given_up(account):
    order = place_paid(account)
    amend(account, order, value="1.00")
    reconcile()
    row = Mismatch.objects.get()

    with pytest.raises(settling.WrongAction):
        settling.settle_by_return(mismatch_id=row.pk, by=UserFactory(), reference="п/п 17")
    assert not settling.ask_again(mismatch_id=row.pk, by=UserFactory())
    settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="Опечатка в кабинете банка")

    assert Order.objects.get().status == "paid"
    assert list_rows() == []


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


def test_a_bill_that_was_paid_twice_is_listed_until_the_second_payment_went_back(yookassa_emulator, settings):
    account = Account("yookassa", yookassa_emulator, settings)
    order = place_paid(account)
    number = make_payment(account, order)

    reconcile()

    row = Mismatch.objects.open().get()
    assert (row.kind, row.order, row.amount) == ("paid_twice", order, Decimal("1030.00"))
    assert number in row.details["said"]
    with pytest.raises(settling.WrongAction):
        settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="И так хорошо")
    with pytest.raises(ReferenceMissing):
        settling.settle_by_return(mismatch_id=row.pk, by=UserFactory(), reference=" ")
    assert Mismatch.objects.open().filter(pk=row.pk).exists()
    settling.settle_by_return(mismatch_id=row.pk, by=UserFactory(), reference="п/п 17")
    assert order.events.get(event="mismatch_settled").details["note"] == "п/п 17"
    letter = Letter.objects.select_related("order__delivery__slot", "order__bill", "refund").get()
    assert letter.kind == Letter.Kind.PAYMENT_RETURNED
    assert "п/п 17" in build_letter(letter).body
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


def test_a_night_that_is_over_has_its_report_whoever_dies_right_after(account, held_mail):
    place_paid(account).cheque.delete()

    jobs.reconcile_money()  # what is to follow its commit gets lost

    assert Reconciliation.objects.get().reported_at
    assert mail.outbox == []
    Mail.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert send_pending_mails() == 1
    assert [message.to for message in mail.outbox] == [["staff@example.com"]]
    assert "Деньги не сходятся" in mail.outbox[0].subject


def test_where_the_report_can_not_be_kept_the_night_is_not_over(account, monkeypatch):
    place_paid(account).cheque.delete()

    def fail(*args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("shop.orders.reconciling.post_money_report", fail)
        with pytest.raises(RuntimeError):
            reconcile()
    assert Reconciliation.objects.get().finished_at is None

    reconcile()

    assert Reconciliation.objects.get().finished_at
    assert len(mail.outbox) == 1
