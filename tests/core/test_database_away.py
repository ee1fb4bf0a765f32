"""A database that is away: a polite 503 in the visitor's language, for people and for programs."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def away():
    """Nobody listens where the database should."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def shopper(visitor) -> Client:
    visitor.force_login(UserFactory())
    return visitor


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/catalog/", "Одну минуту"),
        ("/", "Одну минуту"),
        ("/en/catalog/", "One moment, please"),
        ("/checkout/", "Одну минуту"),
        ("/no/such/page/", "Одну минуту"),
    ],
)
def test_a_page_asks_for_patience_in_the_visitors_language(shopper, path, words):
    with away():
        answer = shopper.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert words in answer.content.decode()
    assert f'href="{path}"' in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


def test_a_form_is_not_sent_again_by_a_link(shopper):
    with away():
        answer = shopper.post("/checkout/", {"name": "Анна"})

    assert answer.status_code == 503
    assert 'href="/checkout/"' not in answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("ru", "попробуйте"), ("en", "try again")])
def test_the_api_says_it_in_json(visitor, language, word):
    with away():
        answer = visitor.get(f"/api/v1/berries/?lang={language}")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert word in answer.json()["detail"].lower()


def test_what_asks_whether_the_shop_can_sell_is_told_no(visitor):
    with away():
        assert visitor.get("/readyz").status_code == 503
        assert visitor.get("/healthz").status_code == 200

    assert visitor.get("/readyz").status_code == 200


def test_every_other_fault_stays_a_500(visitor, monkeypatch):
    def fail(_request):
        raise ValueError

    monkeypatch.setattr("anyberry.urls.core_views.connection.cursor", fail)

    assert visitor.get("/readyz").status_code == 500
