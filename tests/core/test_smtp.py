"""What the shop knows of a mail that failed: certainly not taken, or in doubt."""

import smtplib

import pytest
from django.core.mail import EmailMessage, get_connection

from anyberry.settings.base import EMAIL_TIMEOUT, read_mail_server
from core.smtp import NotTaken
from tests.faults.smtp import MailServer


@pytest.fixture(scope="module")
def own_server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(own_server):
    own_server.reset()
    return own_server


def send(server: MailServer) -> int:
    backend = get_connection("core.smtp.CarefulBackend", host="127.0.0.1", port=server.port, timeout=0.3)
    message = EmailMessage("Заказ", "Оплачен", "shop@example.com", ["anna@example.com"])
    return backend.send_messages([message])


def test_a_mail_is_taken(server):
    assert send(server) == 1

    assert [mail["Subject"] for mail in server.mails] == ["Заказ"]


@pytest.mark.parametrize(
    ("step", "mood"),
    [
        ("EHLO", "drop"),
        ("MAIL", "hang"),
        ("MAIL", "550 Not you"),
        ("RCPT", "451 Greylisted"),
        ("RCPT", "drop"),
        ("DATA", "hang"),
        ("DATA", "451 Later"),
        ("body", "451 Later"),
    ],
)
def test_a_mail_that_was_certainly_not_taken(server, step, mood):
    with server.being(**{step: mood}), pytest.raises(NotTaken):
        send(server)

    assert server.mails == []


@pytest.mark.parametrize("mood", ["hang", "drop"])
def test_a_mail_in_doubt(server, mood):
    with server.being(body=mood), pytest.raises(smtplib.SMTPServerDisconnected):
        send(server)

    assert len(server.mails) == 1


def test_a_mail_server_that_hangs_is_never_waited_for_without_end():
    known = read_mail_server("smtp://anna:secret@mail.example:2525")

    assert known["EMAIL_BACKEND"] == "core.smtp.CarefulBackend"
    assert (known["EMAIL_HOST"], known["EMAIL_PORT"]) == ("mail.example", 2525)
    assert known.get("EMAIL_TIMEOUT", EMAIL_TIMEOUT) == EMAIL_TIMEOUT
    assert read_mail_server("smtp://mail.example?timeout=3")["EMAIL_TIMEOUT"] == 3


def test_other_ways_of_sending_stay_what_they_are():
    assert read_mail_server("console://")["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
