"""Mail of development: each message a file in a folder, which `/dev/mail/` reads. Several processes write."""

import itertools
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

counter = itertools.count()


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as a reader sees it; `name` is that of its file."""

    name: str
    to: str
    subject: str
    sent_at: str
    text: str
    html: str
    headers: dict[str, str]


class FolderBackend(BaseEmailBackend):
    """Writes each message into DEV_MAIL_DIR. Names sort by the time of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; how many. A reader never finds half of one."""
        folder = Path(settings.DEV_MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():020d}-{os.getpid()}-{next(counter)}"
            unfinished = folder / f"{name}.new"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


def list_letters() -> list[Letter]:
    """Every message in the folder, newest first."""
    paths = sorted(Path(settings.DEV_MAIL_DIR).glob("*.eml"), reverse=True)
    return [read_letter(path) for path in paths]


def find_letter(name: str) -> Letter | None:
    """The message of that name, where there is one."""
    return next((letter for letter in list_letters() if letter.name == name), None)


def read_letter(path: Path) -> Letter:
    """Take a message apart."""
    message = message_from_bytes(path.read_bytes(), _class=ParsedMessage, policy=policy.default)
    return Letter(
        name=path.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=str(message["Date"] or ""),
        text=read_part(message, "plain"),
        html=read_part(message, "html"),
        headers={key: str(value) for key, value in message.items()},
    )


def read_part(message: ParsedMessage, kind: str) -> str:
    """The body of the kind, "plain" or "html"; empty where the message has none."""
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""
