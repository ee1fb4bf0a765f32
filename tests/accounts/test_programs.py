"""Programs sign in through allauth's headless API and go on with their session token."""

import json
import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from shop.cart.services import get_pack_quantities
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import PackFactory, get_catalog_page

pytestmark = pytest.mark.django_db
AUTH = "/api/auth/app/v1/auth"


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("ru")


@pytest.fixture
def program():
    """A program: keeps no cookies, and is checked for CSRF like everybody."""
    return Client(enforce_csrf_checks=True)


def send(client, path, body=None, token=""):
    client.cookies.clear()
    headers = {"X-Session-Token": token} if token else {}
    data = json.dumps(body) if body is not None else ""
    return client.post(path, data, content_type="application/json", headers=headers)


def test_a_program_registers_confirms_and_buys(program):
    pack = PackFactory(stock=5)

    response = send(program, f"{AUTH}/signup", {"email": "robot@example.com", "password": PASSWORD})
    assert response.status_code == 401
    token = response.json()["meta"]["session_token"]
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    response = send(program, f"{AUTH}/email/verify", {"key": code}, token)
    assert response.status_code == 200
    token = response.json()["meta"].get("session_token", token)

    response = send(program, f"/api/v1/cart/{pack.berry_id}/", {"quantity": 2}, token)

    assert response.status_code == 201
    assert get_pack_quantities(User.objects.get()) == {pack.pk: 2}


def test_a_program_signs_in_with_its_password(program):
    user = UserFactory()

    response = send(program, f"{AUTH}/login", {"email": user.email, "password": PASSWORD})
    token = response.json()["meta"]["session_token"]

    assert program.get("/api/v1/cart/", headers={"X-Session-Token": token}).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "%00"])
def test_a_token_that_is_none_opens_nothing(program, token):
    response = program.get("/api/v1/cart/", headers={"X-Session-Token": token})

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_wrong_password_gives_no_token(program):
    user = UserFactory()

    response = send(program, f"{AUTH}/login", {"email": user.email, "password": "wrong"})

    assert response.status_code == 400
    assert "session_token" not in response.json().get("meta", {})


def test_a_token_ends_with_its_session(program):
    user = UserFactory()
    response = send(program, f"{AUTH}/login", {"email": user.email, "password": PASSWORD})
    token = response.json()["meta"]["session_token"]

    program.delete(f"{AUTH}/session", headers={"X-Session-Token": token})

    assert program.get("/api/v1/cart/", headers={"X-Session-Token": token}).status_code == 401


def test_errors_speak_the_language_of_the_request(program):
    for language, words in (("en", "Please sign in."), ("en-GB,ru;q=0.5", "Please sign in.")):
        response = program.get("/api/v1/cart/", headers={"Accept-Language": language})
        assert response.json()["detail"] == words
        assert response["Content-Language"] == "en"
