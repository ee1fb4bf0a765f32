"""Who sends the newsletter in tests, and a mail server that fails as it is told."""

from collections.abc import Iterator

import pytest
from django.core.mail.backends.locmem import EmailBackend

from tests.factories.accounts import UserFactory


@pytest.fixture
def owner(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


class FailingBackend(EmailBackend):
    """Raises `at_open`, or what `answers` holds for the letters one after another; None sends one."""

    at_open: Exception | None = None
    answers: list[Exception | None] = []

    def open(self):
        if self.at_open:
            raise self.at_open

    def send_messages(self, messages):
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        return super().send_messages(messages)


@pytest.fixture
def mail_server(monkeypatch) -> Iterator[type[FailingBackend]]:
    monkeypatch.setattr("core.handing.get_connection", FailingBackend)
    FailingBackend.at_open, FailingBackend.answers = None, []
    yield FailingBackend
    FailingBackend.at_open, FailingBackend.answers = None, []
