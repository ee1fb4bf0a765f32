"""Sending a mailing: everybody once, whatever dies or refuses in between."""

import smtplib
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.handing import MailServerAway
from home.newsletter import jobs, mailings, sending, starting
from home.newsletter.models import Delivery, Mailing, Subscriber
from tests.factories.accounts import UserFactory
from tests.factories.newsletter import make_issue, make_mailing, make_subscriber, send, start

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def make_started(readers: int = 3, **fields) -> Mailing:
    for _number in range(readers):
        make_subscriber()
    mailing = make_mailing(**fields)
    start(mailing)
    mailing.refresh_from_db()
    return mailing


def list_states(mailing: Mailing) -> list[str]:
    return list(mailing.deliveries.order_by("pk").values_list("status", flat=True))


def get_status(mailing: Mailing) -> str:
    return Mailing.objects.get(pk=mailing.pk).status


def list_readers() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


class TestEverybodyOnce:
    def test_each_reader_gets_one_letter_and_the_mailing_is_done(self):
        mailing = make_started(3)

        assert not send(mailing)

        assert list_readers() == sorted(Subscriber.objects.values_list("email", flat=True))
        assert list_states(mailing) == ["sent"] * 3
        assert get_status(mailing) == "done"
        assert Mailing.objects.get().finished_at

    def test_sending_again_changes_nothing(self):
        mailing = make_started(2)
        send(mailing)

        send(mailing)
        starting.start_mailing(mailing_id=mailing.pk)

        assert len(mail.outbox) == 2

    def test_only_active_subscribers_are_written_to(self):
        make_subscriber(status="pending")
        make_subscriber(status="unsubscribed")
        make_subscriber(status="suppressed", suppressed_for="bounce", suppressed_at=timezone.now())

        send(make_started(1))

        assert len(mail.outbox) == 1

    def test_who_leaves_while_it_is_sent_gets_nothing(self):
        mailing = make_started(2)
        Subscriber.objects.order_by("pk").filter(pk=Subscriber.objects.first().pk).update(
            status="unsubscribed", left_at=timezone.now()
        )

        send(mailing)

        assert sorted(list_states(mailing)) == ["sent", "skipped"]
        assert len(mail.outbox) == 1

    def test_the_same_issue_reaches_nobody_twice(self):
        issue = make_issue()
        send(make_started(2, issue=issue))
        make_subscriber("late@example.com")

        second = make_mailing(issue)
        start(second)
        send(second)

        assert [message.to for message in mail.outbox].count(["late@example.com"]) == 1
        assert len(mail.outbox) == 3

    def test_the_database_refuses_a_second_row(self):
        mailing = make_started(1)
        [delivery] = mailing.deliveries.all()

        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(
                mailing=make_mailing(), issue=delivery.issue, subscriber=delivery.subscriber
            )

    def test_a_batch_ends_and_says_that_there_is_more(self, monkeypatch):
        monkeypatch.setattr(sending, "BATCH_LETTERS", 2)
        mailing = make_started(3)

        assert send(mailing)
        assert get_status(mailing) == "sending"
        assert not send(mailing)

        assert len(mail.outbox) == 3

    def test_the_pace_is_kept(self, settings, monkeypatch):
        pauses = []
        monkeypatch.setattr(sending.time, "sleep", pauses.append)
        settings.NEWSLETTER_MAILS_PER_MINUTE = 60

        send(make_started(2))

        assert all(0.5 < pause <= 1 for pause in pauses)
        assert len(pauses) == 2


class TestPausing:
    def test_a_paused_mailing_sends_nothing_until_it_goes_on(
        self, eager_tasks, django_capture_on_commit_callbacks
    ):
        mailing, user = make_started(2), UserFactory()
        mailings.pause_mailing(mailing_id=mailing.pk, by=user)

        assert not send(mailing)
        assert mail.outbox == []

        with django_capture_on_commit_callbacks(execute=True):
            mailings.resume_mailing(mailing_id=mailing.pk, by=user)
        assert len(mail.outbox) == 2
        assert get_status(mailing) == "done"

    def test_a_sender_of_an_earlier_run_stops(self):
        mailing, user = make_started(2), UserFactory()
        mailings.pause_mailing(mailing_id=mailing.pk, by=user)
        mailings.resume_mailing(mailing_id=mailing.pk, by=user)

        assert not sending.send_batch(mailing_id=mailing.pk, run=mailing.run)

        assert mail.outbox == []
        assert list_states(mailing) == ["pending"] * 2

    def test_pausing_stops_before_the_next_letter(self, monkeypatch):
        mailing = make_started(3)
        hand_over = sending.Sender.hand_over

        def pause_then_send(sender, message):
            mailings.pause_mailing(mailing_id=mailing.pk, by=UserFactory())
            hand_over(sender, message)

        monkeypatch.setattr(sending.Sender, "hand_over", pause_then_send)
        send(mailing)

        assert list_states(mailing) == ["sent", "pending", "pending"]
        assert get_status(mailing) == "paused"

    def test_canceling_gives_the_waiting_readers_free_for_another_mailing(self):
        issue, user = make_issue(), UserFactory()
        mailing = make_started(2, issue=issue)
        mailings.cancel_mailing(mailing_id=mailing.pk, by=user)
        send(mailing)
        assert mail.outbox == []

        send_again = make_mailing(issue)
        start(send_again)
        send(send_again)

        assert len(mail.outbox) == 2

    @pytest.mark.parametrize(
        ("status", "move"),
        [
            ("draft", mailings.pause_mailing),
            ("draft", mailings.resume_mailing),
            ("scheduled", mailings.resume_mailing),
            ("scheduled", mailings.pause_mailing),
            ("done", mailings.cancel_mailing),
            ("done", mailings.resume_mailing),
            ("canceled", mailings.resume_mailing),
            ("sending", mailings.unschedule_mailing),
        ],
    )
    def test_other_moves_are_refused_and_change_nothing(self, status, move):
        now = timezone.now()
        mailing = make_mailing()
        Mailing.objects.update(status=status, scheduled_at=now, started_at=now, finished_at=now)

        with pytest.raises(mailings.MoveRefused):
            move(mailing_id=mailing.pk, by=UserFactory())

        assert get_status(mailing) == status


class TestTrouble:
    def test_a_worker_that_dies_leaves_one_letter_in_doubt_and_nobody_is_written_to_twice(self, mail_server):
        mailing = make_started(4)
        mail_server.answers = [None, SystemExit()]
        with pytest.raises(SystemExit):
            send(mailing)
        assert list_states(mailing) == ["sent", "sending", "pending", "pending"]

        mail_server.answers = []
        send(mailing)  # as the broker delivers the task anew

        assert list_states(mailing) == ["sent", "sending", "sent", "sent"]
        assert len(list_readers()) == len(set(list_readers())) == 3
        assert get_status(mailing) == "done"

    def test_letters_in_doubt_are_told_of_and_settled_by_a_person(self, smtp_server, caplog):
        mailing = make_started(1)
        with smtp_server.being(body="drop"), pytest.raises(smtplib.SMTPServerDisconnected):
            send(mailing)
        Delivery.objects.update(claimed_at=timezone.now() - 10 * MINUTE)

        assert jobs.report_stuck_letters() == 1
        assert f"Mailing {mailing.pk}: 1 letters may or may not have been sent" in caplog.text
        delivery = Delivery.objects.get()
        assert mailings.settle_stuck(
            mailing_id=mailing.pk, delivery_id=delivery.pk, was_sent=True, by=UserFactory()
        )
        assert list_states(mailing) == ["sent"]
        assert jobs.report_stuck_letters() == 0

    @pytest.mark.parametrize("status", ["sending", "paused"])
    def test_a_letter_that_was_not_sent_goes_out_with_its_mailing(
        self, status, eager_tasks, django_capture_on_commit_callbacks
    ):
        mailing = make_started(1)
        self.leave_in_doubt(mailing)
        Mailing.objects.update(status=status)

        assert self.settle(mailing) == "pending"

        if status == "paused":
            with django_capture_on_commit_callbacks(execute=True):
                mailings.resume_mailing(mailing_id=mailing.pk, by=UserFactory())
        else:
            send(mailing)
        assert (list_states(mailing), get_status(mailing)) == (["sent"], "done")
        assert len(mail.outbox) == 1

    def test_a_letter_of_a_mailing_that_is_over_is_not_sent_any_more(self):
        mailing = make_started(1)
        self.leave_in_doubt(mailing)
        send(mailing)
        assert get_status(mailing) == "done"

        assert self.settle(mailing) == "failed"

        assert mail.outbox == []
        assert self.settle(mailing) == ""

    def leave_in_doubt(self, mailing):
        mailing.deliveries.update(status="sending", claimed_at=timezone.now() - 10 * MINUTE)

    def settle(self, mailing):
        delivery = mailing.deliveries.get()
        return mailings.settle_stuck(
            mailing_id=mailing.pk, delivery_id=delivery.pk, was_sent=False, by=UserFactory()
        )

    def test_what_a_dead_worker_left_is_picked_up_by_a_job(self, eager_tasks):
        mailing = make_started(2)
        assert jobs.rescue_mailings() == 0
        Mailing.objects.update(alive_at=timezone.now() - 3 * MINUTE)

        assert jobs.rescue_mailings() == 1

        assert get_status(mailing) == "done"
        assert len(mail.outbox) == 2

    def test_without_a_mail_server_nothing_is_claimed(self, mail_server):
        mailing = make_started(2)
        mail_server.at_open = ConnectionRefusedError()

        with pytest.raises(MailServerAway):
            send(mailing)

        assert list_states(mailing) == ["pending"] * 2

    @pytest.mark.parametrize(
        ("step", "answer", "state"),
        [
            ("RCPT", "550 No such user", "failed"),
            ("RCPT", "450 Later", "pending"),
            ("DATA", "451 Greylisted \u00ff", "pending"),
            ("body", "554 Spam", "failed"),
            ("MAIL", "550 Not from you", "pending"),
        ],
    )
    def test_a_refusal_fails_one_letter_or_lets_it_wait(self, smtp_server, step, answer, state):
        mailing = make_started(2)
        smtp_server.answer_once(step, answer)

        send(mailing)

        assert list_states(mailing) == [state, "sent"]
        first = mailing.deliveries.order_by("pk").first()
        assert first.error.startswith(answer[:9])
        assert bool(first.due_at) == (state == "pending")

    def test_a_letter_that_waits_is_sent_when_its_time_has_come_and_given_up_in_the_end(self, smtp_server):
        mailing = make_started(1)
        smtp_server.moods["RCPT"] = "451 Greylisted"
        for _attempt in range(sending.MOST_ATTEMPTS):
            assert list_states(mailing) == ["pending"]
            send(mailing)
            Delivery.objects.filter(status="pending").update(due_at=timezone.now() - MINUTE)

        assert list_states(mailing) == ["failed"]
        assert get_status(mailing) == "done"

    @pytest.mark.parametrize("mood", ["421 Too many connections", "drop", "hang"])
    def test_a_server_that_hangs_up_leaves_no_letter_in_doubt(self, smtp_server, mood):
        mailing = make_started(2)

        with smtp_server.being(RCPT=mood), pytest.raises(MailServerAway):
            send(mailing)
        assert list_states(mailing) == ["pending"] * 2

        Delivery.objects.update(due_at=None)
        send(mailing)
        assert list_states(mailing) == ["sent"] * 2
        assert len(smtp_server.mails) == 2

    def test_a_server_that_refuses_everything_stops_the_mailing(self, smtp_server):
        mailing = make_started(15)
        smtp_server.moods["RCPT"] = "550 Blocked"

        assert not send(mailing)

        assert get_status(mailing) == "paused"
        assert list_states(mailing).count("pending") == 15 - sending.REFUSALS_IN_A_ROW

    def test_an_address_no_header_can_hold_fails_alone(self):
        mailing = make_started(2)
        Subscriber.objects.filter(pk=Subscriber.objects.order_by("pk").first().pk).update(
            email="a@example.com\nBcc: b@example.com"
        )

        send(mailing)

        assert list_states(mailing) == ["failed", "sent"]
        assert len(mail.outbox) == 1


class TestStarting:
    def test_a_planned_mailing_begins_when_its_time_has_come(self, eager_tasks):
        make_subscriber()
        mailing = make_mailing()
        at = timezone.now() + 5 * MINUTE
        mailings.schedule_mailing(mailing_id=mailing.pk, at=at, by=UserFactory())
        assert jobs.start_due_mailings() == 0

        Mailing.objects.update(scheduled_at=timezone.now())
        assert jobs.start_due_mailings() == 1

        assert get_status(mailing) == "done"
        assert len(mail.outbox) == 1

    def test_an_issue_that_is_not_published_is_not_sent_and_says_why(self):
        make_subscriber()
        mailing = make_mailing(make_issue(live=False))

        assert start(mailing) is None

        mailing.refresh_from_db()
        assert (mailing.status, mailing.note) == ("draft", "unpublished")
        assert not mailing.deliveries.exists()

    def test_a_deleted_issue_is_not_sent_and_its_mailing_stays(self):
        mailing = make_mailing()
        mailing.page.delete()

        assert start(mailing) is None

        mailing.refresh_from_db()
        assert (mailing.status, mailing.page, mailing.title) == ("draft", None, "Малина пошла")

    def test_starting_twice_begins_once(self):
        mailing = make_started(1)

        assert starting.start_mailing(mailing_id=mailing.pk) is None
        assert mailing.letters.count() == mailing.deliveries.count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_letter_once():
    mailing = make_started(40)
    barrier = Barrier(4)

    def work():
        barrier.wait()
        send(mailing)
        connection.close()

    workers = [Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(list_readers()) == len(set(list_readers())) == 40
    assert set(list_states(mailing)) == {"sent"}
