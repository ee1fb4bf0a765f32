"""Handing a mail to the mail server, and knowing what became of it."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMultiAlternatives, get_connection

from core.smtp import NotTaken, describe, is_final


class MailServerAway(Exception):
    """The mail server did not take the mail, which will be sent again."""


class MailRefused(Exception):
    """The mail server will never take this mail; in its own words."""


def hand_over(message: EmailMultiAlternatives) -> None:
    """Give a mail to the mail server.

    Raises MailServerAway or MailRefused where it certainly did not take it, and whatever the connection
    raises where nobody can know.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # all of smtplib's exceptions are OSErrors
        raise MailServerAway(str(error)) from error
    try:
        connection.send_messages([message])
    except (NotTaken, SMTPResponseException, SMTPRecipientsRefused) as error:
        reason = MailRefused if is_final(error) else MailServerAway
        raise reason(describe(error)) from error
    finally:
        connection.close()
