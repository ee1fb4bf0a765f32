"""Mails that belong to no order: posted in a transaction, sent after it, once; nothing lost, nothing kept."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from core import delivering, jobs, tasks
from core.handing import MailServerAway
from core.models import Mail
from core.outbox import post_mail
from core.posted import compute_pause

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_mail")]
CONTEXT = {"letter": {"subject": "Ваш код", "paragraphs": ["Введите его:"], "code": "AB12-CD34"}}


class FailingBackend(EmailBackend):
    """A mail server that fails as the test says."""

    at_send: Exception | None = None

    def send_messages(self, messages):
        if self.at_send:
            raise self.at_send
        return super().send_messages(messages)


@pytest.fixture
def mail_server(monkeypatch):
    monkeypatch.setattr("core.handing.get_connection", FailingBackend)
    yield FailingBackend
    FailingBackend.at_send = None


def post(key: str = "one", **changes) -> Mail:
    values = {"template": "account/letter", "context": CONTEXT, "to": "anna@example.com", "language": "ru"}
    return post_mail(key=key, **values | changes)


def age(**changes: timedelta) -> None:
    now = timezone.now()
    Mail.objects.update(**{name: now - past for name, past in changes.items()})


def test_a_mail_is_sent_and_what_it_said_is_forgotten():
    row = post()

    assert delivering.send_mail(mail_id=row.pk)

    row.refresh_from_db()
    assert (row.status, row.context, bool(row.sent_at)) == ("sent", {}, True)
    [message] = mail.outbox
    assert (message.to, message.subject) == (["anna@example.com"], "Ваш код")
    assert "AB12-CD34" in message.body


def test_a_mail_is_sent_once_however_often_its_task_runs():
    row = post()

    assert [tasks.send_mail(row.pk) for _run in range(3)] == [True, False, False]

    assert len(mail.outbox) == 1


def test_a_key_is_posted_once():
    assert post().pk == post(context={"letter": {"subject": "Другое"}}).pk

    assert Mail.objects.get().context == CONTEXT


def test_what_is_rolled_back_is_not_sent(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert (callbacks, Mail.objects.count()) == ([], 0)


def test_the_task_is_enqueued_after_the_commit(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.send_mail, "apply_async", lambda **call: sent.append(call["kwargs"]))

    with django_capture_on_commit_callbacks(execute=True):
        row = post()
        assert sent == []

    assert sent == [{"mail_id": row.pk}]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, b"Later"),
        smtplib.SMTPRecipientsRefused({"anna@example.com": (450, b"Greylisted")}),
        smtplib.SMTPSenderRefused(550, b"Not you", "shop@anyberry.example"),
    ],
)
def test_a_mail_that_was_not_taken_waits_for_its_next_try(mail_server, error):
    row = post()
    mail_server.at_send = error

    with pytest.raises(MailServerAway):
        delivering.send_mail(mail_id=row.pk)

    row.refresh_from_db()
    assert (row.status, row.attempts, row.context) == ("pending", 1, CONTEXT)
    assert row.due_at > timezone.now()
    mail_server.at_send = None
    assert delivering.send_mail(mail_id=row.pk)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"anna@example.com": (550, b"No such user")}),
        smtplib.SMTPDataError(554, b"Not wanted"),
    ],
)
def test_a_mail_that_is_refused_for_good_is_given_up_with_the_reason(mail_server, error):
    row = post()
    mail_server.at_send = error

    assert not delivering.send_mail(mail_id=row.pk)

    row.refresh_from_db()
    assert (row.status, row.context) == ("failed", {})
    assert row.failure in {"550 No such user", "554 Not wanted"}
    age(created_at=timedelta(hours=3), due_at=timedelta(hours=3))
    assert jobs.send_pending_mails() == 0


def test_a_code_that_is_no_good_any_more_is_not_sent():
    row = post(good_for=timedelta(minutes=3))
    age(expires_at=timedelta(seconds=1))

    assert not delivering.send_mail(mail_id=row.pk)

    row.refresh_from_db()
    assert (row.status, row.context, mail.outbox) == ("failed", {}, [])


def test_a_mail_whose_task_got_lost_is_found_again(monkeypatch):
    row = post()
    taken_up = []
    monkeypatch.setattr(tasks, "enqueue", lambda task, **kwargs: taken_up.append(kwargs))
    assert jobs.send_pending_mails() == 0  # its task may still be on its way

    age(created_at=timedelta(minutes=2), due_at=timedelta(minutes=2))

    assert jobs.send_pending_mails() == 1
    assert taken_up == [{"mail_id": row.pk}]


def test_a_mail_that_was_put_off_is_left_alone_until_then():
    post()
    age(created_at=timedelta(hours=2), due_at=-timedelta(minutes=5))

    assert jobs.send_pending_mails() == 0


def test_a_mail_a_worker_died_on_is_sent_again_with_the_same_number(mail_server, monkeypatch):
    row = post()
    mail_server.at_send, tried = smtplib.SMTPServerDisconnected(), []
    hand_over = delivering.hand_over
    monkeypatch.setattr(delivering, "hand_over", lambda message: (tried.append(message), hand_over(message)))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        delivering.send_mail(mail_id=row.pk)
    mail_server.at_send = None
    assert not delivering.send_mail(mail_id=row.pk)

    age(claimed_at=timedelta(minutes=11))
    jobs.settle_doubtful()

    assert delivering.send_mail(mail_id=row.pk)
    assert len(tried) == 2
    assert len({message.extra_headers["Message-ID"] for message in tried}) == 1


def test_who_waits_for_an_hour_raises_an_alarm(caplog):
    post()
    age(created_at=timedelta(minutes=61))

    assert jobs.settle_doubtful() == 1

    assert "1 mails or text messages have been waiting" in caplog.text


def test_what_is_over_for_long_is_deleted_and_nothing_else():
    for key in ("old and sent", "old and waiting", "new"):
        post(key)
    old = Mail.objects.filter(key__startswith="old")
    old.update(created_at=timezone.now() - timedelta(days=91))
    old.filter(key__endswith="sent").update(status="sent", sent_at=timezone.now())

    assert jobs.forget_old_mail() == 1

    assert set(Mail.objects.values_list("key", flat=True)) == {"old and waiting", "new"}


def test_pauses_grow_and_end_at_half_an_hour():
    minutes = [compute_pause(attempts).seconds // 60 for attempts in range(1, 12)]

    assert minutes == [1, 1, 1, 2, 4, 8, 16, 30, 30, 30, 30]
