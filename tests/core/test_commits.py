"""What follows a commit is done once it is certain, and takes nothing back where it fails."""

import pytest
from django.db import transaction

from core.commits import after_commit
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def fail(*, why):
    raise RuntimeError(why)


def test_it_is_done_after_the_commit():
    done = []
    with transaction.atomic():
        after_commit(done.append, 1)
        assert done == []

    assert done == [1]


def test_it_is_not_done_where_the_transaction_is_taken_back():
    done = []
    with transaction.atomic():
        after_commit(done.append, 1)
        transaction.set_rollback(True)

    assert done == []


def test_a_failure_is_told_by_name_and_stops_nothing_else(caplog):
    done = []
    with transaction.atomic():
        user = UserFactory()
        after_commit(fail, why="the broker is away")
        after_commit(done.append, user)

    user.refresh_from_db()
    assert done == [user]
    assert "Error calling fail in on_commit()" in caplog.text


def test_without_a_transaction_it_is_done_at_once(caplog):
    after_commit(fail, why="the broker is away")

    assert "Error calling fail in on_commit()" in caplog.text
