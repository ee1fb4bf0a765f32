"""What a person does about money that does not match: one button a row, one winner, all of it on record."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from payments.models import Bill, BillEvent, Refund
from shop.orders import finding, jobs, settling
from shop.orders.invariants import find_violations
from shop.orders.mismatches import open_mismatch
from shop.orders.models import Cheque, Letter, Mismatch, Order
from shop.orders.refunds import ReferenceMissing
from shop.orders.services import reject_order
from shop.orders.settling import ACTIONS, AlreadyTaken, NoteMissing, WrongAction
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle
from tests.factories.payments import BillEventFactory

pytestmark = pytest.mark.django_db
Kind = Mismatch.Kind


def make_paid_order() -> Order:
    return settle(make_order(), Bill.Status.PAID)


def make_owed_row() -> Mismatch:
    order = make_order()
    reject_order(order=order, by=None)
    settle(order, Bill.Status.PAID)
    return Mismatch.objects.get(order=order)


def make_stuck_row(order: Order | None = None) -> Mismatch:
    order = order or make_paid_order()
    Cheque.objects.filter(order=order).update(
        status="sending", claimed_at=timezone.now() - timedelta(hours=1)
    )
    jobs.report_stuck_cheques()
    return Mismatch.objects.get(order=order, kind=Kind.CHEQUE_STUCK)


class TestRows:
    def test_one_row_is_open_for_one_thing(self):
        order = make_paid_order()

        rows = [open_mismatch(Kind.OUT_OF_STEP, order, order=order, said=said) for said in ("a", "b")]

        assert rows[1] is None
        assert Mismatch.objects.get().details == {"said": "b"}
        assert order.events.filter(event="mismatch_found").count() == 1

    def test_what_a_person_settled_stays_settled_until_something_else_is_found(self):
        order = make_paid_order()
        row = open_mismatch(Kind.OUT_OF_STEP, order, order=order, said="a")
        settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="Позвонили")

        assert open_mismatch(Kind.OUT_OF_STEP, order, order=order, said="a") is None
        assert open_mismatch(Kind.OUT_OF_STEP, order, order=order, said="b")

    def test_every_kind_has_its_button(self):
        assert set(ACTIONS) == set(Kind)


class TestGivingBack:
    def test_by_hand_settles_it_at_once(self):
        row, person = make_owed_row(), UserFactory()

        settling.settle_by_refund(mismatch_id=row.pk, by=person, reference="п/п 17")

        row.refresh_from_db()
        assert (row.settled_by, row.how) == (person, "by_person")
        assert Refund.objects.get().amount == Decimal("1030.00")
        trail = row.order.events.filter(by=person).values_list("event", flat=True)
        assert set(trail) == {"refund_requested", "refunded", "mismatch_settled"}
        assert not Order.objects.get().needs_refund
        assert find_violations() == []

    def test_without_a_reference_nothing_happens(self):
        row = make_owed_row()

        with pytest.raises(ReferenceMissing):
            settling.settle_by_refund(mismatch_id=row.pk, by=UserFactory(), reference="")

        row.refresh_from_db()
        assert (row.is_open, row.is_taken) == (True, False)
        assert not Refund.objects.exists()

    def test_who_comes_second_is_told_and_changes_nothing(self):
        row = make_owed_row()
        settling.settle_by_refund(mismatch_id=row.pk, by=UserFactory(), reference="п/п 17")

        with pytest.raises(AlreadyTaken):
            settling.settle_by_refund(mismatch_id=row.pk, by=UserFactory(), reference="п/п 18")

        assert Refund.objects.count() == 1

    def test_a_failed_refund_is_given_back_again(self):
        row = make_owed_row()
        order = row.order
        refund = Refund.objects.create(
            bill_id=order.bill_id,
            key=f"mismatch:{row.pk}:1",
            amount=order.total,
            status="failed",
            finished_at=timezone.now(),
        )

        settling.settle_by_refund(mismatch_id=row.pk, by=UserFactory(), reference="п/п 17")

        again = Refund.objects.exclude(pk=refund.pk).get()
        assert (again.key, again.status) == (f"mismatch:{row.pk}:2", "done")
        assert find_violations() == []

    def test_a_refund_made_at_the_provider_is_written_down(self):
        order = make_paid_order()
        bill = Bill.objects.get()
        row = open_mismatch(
            Kind.REFUND_UNKNOWN, bill, order=order, bill=bill, amount=Decimal("30.00"), said="refunded"
        )

        settling.record_found(mismatch_id=row.pk, by=UserFactory(), reference="rf-1")

        refund = Refund.objects.get()
        assert (refund.by_hand, refund.status, refund.external_id) == (False, "done", "rf-1")
        assert not Mismatch.objects.open().exists()
        assert find_violations() == []


class TestSendingAgain:
    def test_a_stuck_cheque_goes_out_under_its_own_number(
        self, eager_tasks, django_capture_on_commit_callbacks
    ):
        row, person = make_stuck_row(), UserFactory()

        with django_capture_on_commit_callbacks(execute=True):
            settling.send_again(mismatch_id=row.pk, by=person)

        row.refresh_from_db()
        [message] = mail.outbox
        assert message.extra_headers["Message-ID"] == f"<cheque-{row.order.bill_id}@127.0.0.1>"
        assert (Cheque.objects.get().status, row.settled_by) == ("sent", person)
        assert row.order.events.get(event="mail_sent_again").by == person

    def test_one_that_sticks_again_waits_for_a_person_again(self):
        row = make_stuck_row()
        settling.send_again(mismatch_id=row.pk, by=UserFactory())
        later = timezone.now() + timedelta(hours=1)
        Cheque.objects.update(status="sending", claimed_at=timezone.now() + timedelta(minutes=1))

        finding.note_stuck_mails(later)

        row.refresh_from_db()
        assert (row.is_open, row.is_taken) == (True, False)

    def test_one_that_went_out_meanwhile_is_not_sent(self):
        row = make_stuck_row()
        Cheque.objects.update(status="sent", sent_at=timezone.now())

        with pytest.raises(AlreadyTaken):
            settling.send_again(mismatch_id=row.pk, by=UserFactory())

        assert Cheque.objects.get().status == "sent"
        assert not Mismatch.objects.get().is_taken

    def test_a_missing_cheque_is_made(self, eager_tasks, django_capture_on_commit_callbacks):
        order = make_paid_order()
        Cheque.objects.all().delete()
        finding.note_missing_cheques()
        row = Mismatch.objects.get()

        with django_capture_on_commit_callbacks(execute=True):
            settling.send_again(mismatch_id=row.pk, by=UserFactory())

        assert Cheque.objects.get(order=order).status == "sent"
        assert not Mismatch.objects.open().exists()

    def test_a_stuck_letter_is_sent_again(self, eager_tasks, django_capture_on_commit_callbacks):
        make_owed_row()
        Letter.objects.update(status="sending", claimed_at=timezone.now() - timedelta(hours=1))
        jobs.report_stuck_cheques()
        row = Mismatch.objects.get(kind=Kind.LETTER_STUCK)

        with django_capture_on_commit_callbacks(execute=True):
            settling.send_again(mismatch_id=row.pk, by=UserFactory())

        assert Letter.objects.get().status == "sent"
        assert len(mail.outbox) == 1


class TestOtherWays:
    def test_a_note_says_how(self):
        event = BillEventFactory(bill=None, provider="qiwi", external_id="x", result="unknown_bill")
        assert jobs.note_mismatches() == 1
        row = Mismatch.objects.get(kind=Kind.BILL_UNKNOWN, subject=f"billevent:{event.pk}")
        person = UserFactory()

        with pytest.raises(NoteMissing):
            settling.settle_by_note(mismatch_id=row.pk, by=person, note=" ")
        settling.settle_by_note(mismatch_id=row.pk, by=person, note="Чужой счёт")

        row.refresh_from_db()
        assert (row.settled_by, row.note) == (person, "Чужой счёт")
        assert jobs.note_mismatches() == 0

    @pytest.mark.parametrize("kind", [Kind.PAID_LATE, Kind.CHEQUE_STUCK])
    def test_no_words_settle_money_that_is_owed_or_a_cheque(self, kind):
        row = make_owed_row() if kind == Kind.PAID_LATE else make_stuck_row()

        with pytest.raises(WrongAction):
            settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="И так хорошо")

        assert Mismatch.objects.open().filter(pk=row.pk).exists()

    def test_an_alarm_of_payments_becomes_a_row_once(self):
        order = make_paid_order()
        BillEventFactory(
            bill=order.bill,
            source=BillEvent.Source.POLL,
            result="mismatch",
            detail="refunded: ours 0, theirs 10.00",
        )

        assert [jobs.note_mismatches(), jobs.note_mismatches()] == [1, 0]

        row = Mismatch.objects.get()
        assert (row.kind, row.amount, row.order) == ("refund_unknown", Decimal("10.00"), order)

    def test_alarms_that_have_their_row_take_no_place_of_a_new_one(self, monkeypatch):
        monkeypatch.setattr(finding, "BATCH", 2)
        order = make_paid_order()
        for number in range(3):
            BillEventFactory(bill=order.bill, result="mismatch", detail=f"amount: {number}")
        BillEventFactory(bill=None, provider="qiwi", external_id="y", result="unknown_bill")
        assert jobs.note_mismatches() == 1

        assert jobs.note_mismatches() == 1

        assert Mismatch.objects.filter(kind=Kind.BILL_UNKNOWN).exists()
        assert jobs.note_mismatches() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_wins():
    row = make_owed_row()
    people = [UserFactory(), UserFactory()]
    barrier, lost = Barrier(2), []

    def press(person) -> None:
        barrier.wait()
        try:
            settling.settle_by_refund(mismatch_id=row.pk, by=person, reference=f"п/п {person.pk}")
        except AlreadyTaken:
            lost.append(person)
        finally:
            connection.close()

    threads = [Thread(target=press, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [loser] = lost
    [winner] = [person for person in people if person != loser]
    assert Refund.objects.get().requested_by == winner
    assert Mismatch.objects.get().settled_by == winner
    assert find_violations() == []
