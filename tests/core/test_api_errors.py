"""Whatever goes wrong with a call of the API is said in one shape and in the language of the request."""

import re

import pytest
from django.test import Client

from shop.cart.services import get_pack_quantities
from tests.factories.accounts import UserFactory
from tests.factories.catalog import PackFactory

pytestmark = pytest.mark.django_db
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
AUTH = "/api/auth/app/v1/auth"


@pytest.fixture
def program() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def speaks(answer, language: str) -> bool:
    return bool(CYRILLIC.search(answer.json()["detail"])) == (language == "ru")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/", 404, "not_found"),
        ("get", "/api/v1/nothing/", 404, "not_found"),
        ("get", "/api/v1/nothing", 404, "not_found"),
        ("post", "/api/v1/nothing/at/all/", 404, "not_found"),
        ("delete", "/api/v2/berries/", 404, "not_found"),
        ("get", "/api/v1/berries/999999999/", 404, "not_found"),
        ("put", "/api/v1/berries/", 405, "method_not_allowed"),
        ("get", "/api/v1/qiwi/callback/", 405, "method_not_allowed"),
        ("post", "/api/v1/cart/1/", 401, "not_authenticated"),
        ("get", "/api/v1/berries/?q=%00", 400, "malformed"),
    ],
)
def test_every_refusal_has_a_code_and_a_sentence(program, method, path, status, code, language):
    answer = getattr(program, method)(path, headers={"Accept-Language": language}, follow=True)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert speaks(answer, language)


def test_a_refused_method_comes_with_those_that_are_taken(program):
    assert program.post("/api/v1/berries/").headers["Allow"] == "GET"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_fault_of_ours_is_said_as_well(program, monkeypatch, language):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr("shop.catalog.api.get_berry_page", fail)

    answer = program.get("/api/v1/berries/1/", headers={"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert speaks(answer, language)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_browser_without_its_csrf_token_is_told_about_it(program, language):
    user, pack = UserFactory(), PackFactory(stock=5)
    program.force_login(user)

    answer = program.post(f"/api/v1/cart/{pack.berry_id}/", headers={"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert "X-CSRFToken" in answer.json()["detail"]
    assert speaks(answer, language)
    assert get_pack_quantities(user) == {}


@pytest.mark.parametrize(
    ("method", "call", "answer"),
    [
        ("get", "login", (405, b"")),
        ("get", "session", (401, b'{"status": 401')),
        ("get", "provider/redirect", (404, b'{"status": 404}')),
    ],
)
def test_the_calls_to_sign_in_keep_their_own_words(program, method, call, answer):
    response = getattr(program, method)(f"{AUTH}/{call}")

    assert (response.status_code, response.content[: len(answer[1]) or None]) == answer
