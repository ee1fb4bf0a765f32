"""Handing a mail to the mail server, and knowing what became of it."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

from core.smtp import NotTaken, PutOff, Refused, classify, describe


class MailServerAway(Exception):
    """The mail server did not take the mail, which will be sent again."""


class MailPutOff(MailServerAway):
    """It did not take this mail now; it may take another one over the same connection."""


class MailRefused(Exception):
    """The mail server will never take this mail; in its own words."""


REASONS = {PutOff: MailPutOff, Refused: MailRefused}


def hand_over(message: EmailMultiAlternatives) -> None:
    """Give a mail to the mail server.

    Raises MailServerAway or MailRefused where it certainly did not take it, and whatever the connection
    raises where nobody can know.
    """
    connection = open_connection()
    try:
        give(message, connection)
    finally:
        connection.close()


def open_connection() -> Any:
    """A connection to the mail server, which the caller closes. Raises MailServerAway."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # all of smtplib's exceptions are OSErrors
        raise MailServerAway(str(error)) from error
    return connection


def give(message: EmailMultiAlternatives, connection: Any) -> None:
    """Give a mail to the mail server over an open connection; raises what `hand_over` does.

    A MailServerAway that is no MailPutOff says that the connection is gone, too.
    """
    try:
        connection.send_messages([message])
    except (NotTaken, SMTPResponseException, SMTPRecipientsRefused) as error:
        raise REASONS.get(classify(error), MailServerAway)(describe(error)) from error
