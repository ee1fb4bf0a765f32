"""Sending mail over SMTP by a client that knows what became of a mail when the connection breaks."""

from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any, cast

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

# How a mail's text ends: only a server that saw this can have taken it.
END_OF_TEXT = b"\r\n.\r\n"
TAKES_LEAVE = 421  # the server closes the connection with this answer


class NotTaken(SMTPException):
    """The mail server certainly did not take the mail: it may be sent again."""


class PutOff(NotTaken):
    """The mail server is there, and does not take this mail now."""


class Refused(NotTaken):
    """The mail server will never take this mail to this address: there is no use in sending it again."""


class _Watchful:
    """A client that notes when the text of a mail went out."""

    may_have_taken = False

    def send(self, data: Any) -> None:
        # In smtplib everything goes out here: commands as str or bytes, the text as bytes.
        if isinstance(data, bytes) and data.endswith(END_OF_TEXT):
            self.may_have_taken = True
        super().send(data)  # type: ignore[misc]  # a mixin: the client comes after it


class WatchfulSMTP(_Watchful, SMTP):
    """smtp://"""


class WatchfulSMTPS(_Watchful, SMTP_SSL):
    """smtps://"""


class CarefulBackend(EmailBackend):
    """Django's backend, but for the error of a mail that was certainly not taken: that is NotTaken."""

    @property
    def connection_class(self) -> type[WatchfulSMTP | WatchfulSMTPS]:
        return WatchfulSMTPS if self.use_ssl else WatchfulSMTP

    def _send(self, email_message: EmailMessage) -> bool:
        client = cast(WatchfulSMTP, self.connection)
        client.may_have_taken = False
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]  # the stubs leave it out
        except OSError as error:  # all of smtplib's exceptions are OSErrors
            is_refused = isinstance(error, SMTPResponseException | SMTPRecipientsRefused)
            if is_refused or not client.may_have_taken:
                raise classify(error)(describe(error)) from error
            raise


def classify(error: Exception) -> type[NotTaken]:
    """What it means that a mail was not taken: never, not now, or (NotTaken) that the server is gone."""
    if isinstance(error, NotTaken):
        return type(error)
    if is_final(error):
        return Refused
    codes = list_codes(error)
    return PutOff if codes and TAKES_LEAVE not in codes else NotTaken


def is_final(error: Exception) -> bool:
    """Whether a mail server refused the address, or the mail itself, for good (5xx).

    What it says of us (sign-in, sender) is ours to mend: the mail waits for that.
    """
    speaks_of_the_mail = isinstance(error, SMTPRecipientsRefused | SMTPDataError)
    return speaks_of_the_mail and all(is_permanent(code) for code in list_codes(error))


def list_codes(error: Exception) -> list[int]:
    """The numbers of the mail server's answer; none where it gave no answer."""
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


def is_permanent(code: int) -> bool:
    """Whether an answer of a mail server means: never."""
    return 500 <= code < 600  # noqa: PLR2004 -- as RFC 5321 has it


def describe(error: Exception) -> str:
    """What the mail server said, as people write it: "550 No such user here"."""
    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(f"{code} {_read(words)}" for code, words in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {_read(error.smtp_error)}"
    return str(error)


def _read(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
