"""What the shop knows of a mail that failed: certainly not taken, or in doubt."""

import smtplib

import pytest
from django.core.mail import EmailMessage

from anyberry.settings.base import EMAIL_TIMEOUT, read_mail_server
from core.smtp import NotTaken, PutOff, Refused


def send() -> int:
    return EmailMessage("Заказ", "Оплачен", "shop@example.com", ["anna@example.com"]).send()


def test_a_mail_is_taken(smtp_server):
    assert send() == 1

    assert [mail["Subject"] for mail in smtp_server.mails] == ["Заказ"]


@pytest.mark.parametrize(
    ("step", "mood", "kind"),
    [
        ("EHLO", "drop", NotTaken),
        ("MAIL", "hang", NotTaken),
        ("MAIL", "421 Too many connections", NotTaken),
        ("MAIL", "550 Not you", PutOff),
        ("RCPT", "451 Greylisted", PutOff),
        ("RCPT", "421 Too many connections", NotTaken),
        ("RCPT", "550 No such user", Refused),
        ("RCPT", "drop", NotTaken),
        ("DATA", "hang", NotTaken),
        ("DATA", "451 Later", PutOff),
        ("body", "451 Later", PutOff),
        ("body", "554 Spam", Refused),
    ],
)
def test_a_mail_that_was_certainly_not_taken(smtp_server, step, mood, kind):
    with smtp_server.being(**{step: mood}), pytest.raises(NotTaken) as raised:
        send()

    assert raised.type is kind
    assert smtp_server.mails == []


@pytest.mark.parametrize("mood", ["hang", "drop"])
def test_a_mail_in_doubt(smtp_server, mood):
    with smtp_server.being(body=mood), pytest.raises(smtplib.SMTPServerDisconnected):
        send()

    assert len(smtp_server.mails) == 1


def test_a_mail_server_that_hangs_is_never_waited_for_without_end():
    known = read_mail_server("smtp://anna:secret@mail.example:2525")

    assert known["EMAIL_BACKEND"] == "core.smtp.CarefulBackend"
    assert (known["EMAIL_HOST"], known["EMAIL_PORT"]) == ("mail.example", 2525)
    assert known.get("EMAIL_TIMEOUT", EMAIL_TIMEOUT) == EMAIL_TIMEOUT
    assert read_mail_server("smtp://mail.example?timeout=3")["EMAIL_TIMEOUT"] == 3


def test_other_ways_of_sending_stay_what_they_are():
    assert read_mail_server("console://")["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
