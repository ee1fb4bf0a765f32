"""A connection is asked whether it is alive once in a while, and one that isn't is replaced."""

import pytest
from django.db import connections

from core.postgres import base


@pytest.fixture
def kept(transactional_db):
    """A connection of its own that lives on between requests, as in production."""
    wrapper = connections.create_connection("default")
    wrapper.settings_dict = wrapper.settings_dict | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}
    wrapper.connect()
    yield wrapper
    wrapper.close()


@pytest.fixture
def asked(kept, monkeypatch):
    """Each time that the connection was asked."""
    times = []
    is_usable = kept.is_usable
    monkeypatch.setattr(kept, "is_usable", lambda: times.append(1) or is_usable())
    return times


def serve_request(wrapper):
    wrapper.close_if_unusable_or_obsolete()  # as Django does before and after each
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_many_requests_of_a_moment_ask_once(kept, asked):
    for _ in range(5):
        serve_request(kept)

    assert len(asked) == 1


def test_later_ones_ask_again(kept, asked, monkeypatch):
    monkeypatch.setattr(base, "FRESH_SECONDS", 0)
    for _ in range(3):
        serve_request(kept)

    assert len(asked) == 3


def test_a_moment_that_ends_amid_a_transaction_asks_nothing(kept, asked, monkeypatch):
    serve_request(kept)
    kept.close_if_unusable_or_obsolete()
    kept.set_autocommit(autocommit=False)
    monkeypatch.setattr(base, "FRESH_SECONDS", 0)
    kept.set_autocommit(autocommit=True)

    assert len(asked) == 1


def test_one_that_was_ended_is_replaced(kept, asked, monkeypatch):
    monkeypatch.setattr(base, "FRESH_SECONDS", 0)
    ended = serve_request(kept)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ended])

    assert serve_request(kept) != ended
