"""SMS by SMS.ru's protocol and messages to staff by Telegram's, against servers on real sockets."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from core import delivering, jobs, tasks
from core.models import TextMessage
from core.outbox import post_text
from core.sms.base import TextAway
from tests.core.provider_server import ProviderServer

pytestmark = pytest.mark.django_db
PHONE = "79991234567"
SMS, TELEGRAM = TextMessage.Channel.SMS, TextMessage.Channel.TELEGRAM


def accept(**changes) -> dict:
    """What SMS.ru answers to a message it took."""
    message = {"status": "OK", "status_code": 100, "sms_id": "000000-10000000"} | changes
    return {"status": "OK", "status_code": 100, "sms": {PHONE: message}, "balance": 4122.56}


def refuse(code: int) -> dict:
    """What it answers to a request it did not even look into."""
    return {"status": "ERROR", "status_code": code, "status_text": "Ошибка"}


@pytest.fixture
def server(settings):
    server = ProviderServer()
    settings.SMS_PROVIDER, settings.SMSRU_API_ID, settings.SMSRU_API_URL = "smsru", "secret-id", server.url
    settings.TELEGRAM_API_URL = server.url
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_CHAT_ID = "123:secret-token", "-100200300"
    yield server
    server.stop()


def post(channel=SMS, key="one", **changes) -> TextMessage:
    to = f"+{PHONE}" if channel == SMS else "-100200300"
    values = {"to": to, "text": "Заказ BR-20714 в пути", "good_for": timedelta(hours=2)}
    return post_text(channel=channel, key=key, **values | changes)


def send(row: TextMessage) -> TextMessage:
    with suppress(TextAway):
        delivering.send_text(text_id=row.pk)
    return TextMessage.objects.get(pk=row.pk)


class TestSmsRu:
    def test_a_message_is_sent_once_in_their_words(self, server):
        server.answers = [(200, accept())]
        row = post()

        row = send(send(row))

        assert (row.status, row.reference) == ("sent", "000000-10000000")
        fields = {"api_id": "secret-id", "to": PHONE, "msg": "Заказ BR-20714 в пути", "json": "1"}
        assert server.requests == [("/sms/send", fields)]

    def test_sender_and_test_mode_are_told_where_set(self, server, settings):
        settings.SMSRU_SENDER, settings.SMSRU_TEST = "Anyberry", True
        server.answers = [(200, accept())]

        send(post())

        [(_path, fields)] = server.requests
        assert (fields["from"], fields["test"]) == ("Anyberry", "1")

    @pytest.mark.parametrize("code", [200, 201, 206, 220, 300, 302, 500])
    def test_what_is_ours_to_mend_or_theirs_waits(self, server, code):
        server.answers = [(200, refuse(code)), (200, accept())]
        row = send(post())
        assert (row.status, row.attempts) == ("pending", 1)
        assert str(code) in row.failure
        assert row.due_at > timezone.now() + timedelta(minutes=1)

        assert send(row).status == "sent"

    @pytest.mark.parametrize("code", [202, 203, 205, 207, 209, 214, 216, 230, 232])
    def test_what_they_will_never_send_is_given_up(self, server, code):
        server.answers = [(200, accept(status="ERROR", status_code=code))]

        row = send(post())

        assert (row.status, row.failure) == ("failed", f"SMS.ru: {code}")
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            "drop",
            (502, b"<html>Bad Gateway</html>"),
            (200, b"100\n000000-10000000"),
            (200, []),
            (200, {"status": "OK", "status_code": 100, "sms": {}}),
            (200, {"status": "OK", "status_code": None}),
        ],
    )
    def test_a_message_in_doubt_is_never_sent_twice(self, server, answer):
        server.answers = [answer, (200, accept())]

        row = send(send(post()))

        assert row.status == "failed"
        assert len(server.requests) == 1

    def test_an_answer_that_does_not_come_leaves_it_in_doubt(self, server, monkeypatch):
        monkeypatch.setattr("core.sms.web.READ_SECONDS", 0.1)
        server.answers = ["hang"]

        row = send(post())

        assert (row.status, row.failure) == ("failed", "SMS.ru did not answer in time")

    def test_a_provider_nobody_can_reach_is_asked_again(self, server, settings):
        settings.SMSRU_API_URL = "http://127.0.0.1:1"

        row = send(post())

        assert (row.status, row.failure) == ("pending", "SMS.ru can't be reached")

    def test_the_key_is_in_no_row_and_no_log(self, server, caplog):
        server.answers = [(200, refuse(200)), (200, accept(status="ERROR", status_code=202))]

        row = send(send(post()))

        assert "secret-id" not in row.failure + caplog.text


class TestLimits:
    def test_the_day_has_a_limit(self, server, settings, caplog):
        settings.SMS_PER_DAY = 2
        server.answers = [(200, accept())]

        statuses = [send(post(key=str(number))).status for number in range(3)]

        assert statuses == ["sent", "sent", "failed"]
        assert len(server.requests) == 2
        assert "The limit of 2 SMS a day is reached" in caplog.text

    def test_what_comes_too_late_is_not_sent(self, server):
        row = post()
        TextMessage.objects.update(expires_at=timezone.now())

        assert send(row).status == "failed"
        assert server.requests == []

    def test_a_key_is_posted_once(self, server):
        assert post().pk == post(text="Другое").pk

        assert TextMessage.objects.get().text == "Заказ BR-20714 в пути"

    def test_without_a_provider_nothing_is_sent(self, settings):
        settings.SMS_PROVIDER = ""

        assert send(post()).status == "failed"

    def test_the_console_writes_it_to_the_log(self, settings, caplog):
        settings.SMS_PROVIDER = "console"

        with caplog.at_level("INFO"):
            row = send(post())

        assert row.status == "sent"
        assert f"SMS to +{PHONE}: Заказ BR-20714 в пути" in caplog.text

    def test_a_lost_task_is_found_again(self, monkeypatch):
        row = post()
        taken_up = []
        monkeypatch.setattr(tasks, "enqueue", lambda task, **kwargs: taken_up.append(kwargs))
        past = timezone.now() - timedelta(minutes=2)
        TextMessage.objects.update(created_at=past, due_at=past)

        assert jobs.send_pending_texts() == 1

        assert taken_up == [{"text_id": row.pk}]

    def test_a_worker_that_died_leaves_an_sms_in_doubt_and_telegram_to_be_repeated(self, caplog):
        sms, telegram = post(), post(TELEGRAM, "two")
        TextMessage.objects.update(status="sending", claimed_at=timezone.now() - timedelta(minutes=11))

        jobs.settle_doubtful()

        statuses = {row.pk: row.status for row in TextMessage.objects.all()}
        assert statuses == {sms.pk: "failed", telegram.pk: "pending"}
        assert "nobody knows whether it went out" in caplog.text


class TestTelegram:
    def test_a_message_goes_to_the_chat(self, server):
        server.answers = [(200, {"ok": True, "result": {"message_id": 42, "chat": {"id": -100200300}}})]

        row = send(post(TELEGRAM))

        assert (row.status, row.reference) == ("sent", "42")
        [(path, fields)] = server.requests
        assert path == "/bot123:secret-token/sendMessage"
        assert (fields["chat_id"], fields["text"]) == ("-100200300", "Заказ BR-20714 в пути")

    def test_who_is_told_to_wait_waits_so_long(self, server):
        too_many = {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 130",
            "parameters": {"retry_after": 130},
        }
        server.answers = [(429, too_many), (200, {"ok": True, "result": {"message_id": 1}})]

        row = send(post(TELEGRAM))

        assert row.status == "pending"
        wait = (row.due_at - timezone.now()).total_seconds()
        assert 125 < wait <= 130
        assert send(row).status == "sent"

    @pytest.mark.parametrize("wait", ["soon", -1, None, 10**12, float("inf")])
    def test_a_senseless_wait_is_no_reason_to_fail(self, server, wait):
        body = {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": wait}}
        server.answers = [(429, body)]

        row = send(post(TELEGRAM))

        assert row.status == "pending"
        assert row.due_at <= timezone.now() + timedelta(hours=1)

    @pytest.mark.parametrize(
        ("code", "status"),
        [(400, "failed"), (401, "failed"), (403, "failed"), (500, "pending"), (502, "pending")],
    )
    def test_errors_are_final_or_not(self, server, code, status):
        server.answers = [
            (code, {"ok": False, "error_code": code, "description": "Bad Request: chat not found"})
        ]

        row = send(post(TELEGRAM))

        assert row.status == status
        assert "secret-token" not in row.failure

    @pytest.mark.parametrize("answer", ["drop", (502, b"<html>"), (200, [])])
    def test_what_is_in_doubt_is_sent_again(self, server, answer):
        server.answers = [answer, (200, {"ok": True, "result": {"message_id": 1}})]

        row = send(post(TELEGRAM))

        assert row.status == "pending"
        assert send(row).status == "sent"

    def test_the_task_gives_up_quietly_and_leaves_the_row_to_the_job(self, server):
        server.answers = [(500, {"ok": False, "error_code": 500, "description": "x"})]
        row = post(TELEGRAM)

        assert tasks.send_text(row.pk) is False

        row.refresh_from_db()
        assert (row.status, row.attempts) == ("pending", 1)
