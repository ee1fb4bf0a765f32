"""Programs have no more tries than people have, each count is kept by address and by account, and all they
need to know stands in the description of the API.
"""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db
APP = "/api/auth/app/v1"
CODE = re.compile(r"^([A-Z0-9-]{6,})$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _site_with_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    get_catalog_page("en")


def call(path, body=None, *, method="post", token="", **more):
    """One call of a program, which keeps no cookies."""
    headers = {"X-Session-Token": token} if token else {}
    data = json.dumps(body) if body is not None else ""
    send = getattr(Client(enforce_csrf_checks=True), method)
    return send(
        APP + path, data, content_type="application/json", headers=headers | more.pop("headers", {}), **more
    )


def test_wrong_passwords_are_counted_by_account_wherever_they_come_from():
    user = UserFactory()
    wrong = {"email": user.email, "password": "guessed"}
    for number in range(5):
        assert call("/auth/login", wrong, REMOTE_ADDR=f"10.0.0.{number}").status_code == 400

    response = call("/auth/login", {"email": user.email, "password": PASSWORD}, REMOTE_ADDR="10.0.0.99")

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert response.json()["status"] == 429
    assert "session_token" not in response.json().get("meta", {})


def test_pages_and_calls_share_one_count(client):
    user = UserFactory()
    for _ in range(5):
        client.post("/account/login/", {"login": user.email, "password": "guessed"})

    response = call("/auth/login", {"email": user.email, "password": PASSWORD})

    assert response.status_code == 429


@pytest.mark.parametrize(
    ("path", "body", "most"),
    [
        ("/auth/login", {"email": "nobody{}@example.com", "password": "guessed"}, 10),
        ("/auth/signup", {"email": "new{}@example.com", "password": PASSWORD}, 20),
        ("/auth/password/request", {"email": "nobody{}@example.com"}, 20),
        ("/auth/code/request", {"email": "nobody{}@example.com"}, 20),
    ],
)
def test_tries_are_counted_by_address_and_nobody_says_they_come_from_elsewhere(path, body, most):
    def knock(number):
        named = body | {"email": body["email"].format(number)}
        return call(path, named, headers={"X-Forwarded-For": f"10.1.1.{number}"})

    statuses = {knock(number).status_code for number in range(most)}
    last = knock(most)

    assert 429 not in statuses
    assert last.status_code == 429
    assert int(last["Retry-After"]) > 0
    assert User.objects.filter(email__startswith="new").count() in {0, most}


@pytest.mark.parametrize(
    ("path", "most"), [("/auth/password/request", 5), ("/auth/code/request", 3)], ids=["reset", "code"]
)
def test_nobodys_mailbox_is_flooded(path, most):
    user = UserFactory()

    answers = [
        call(path, {"email": user.email}, REMOTE_ADDR=f"10.0.0.{number}").status_code
        for number in range(most + 2)
    ]

    assert answers[most:] == [429, 429]
    assert len(mail.outbox) == most


def show_answer(response):
    body = response.json()
    body.get("meta", {}).pop("session_token", None)
    return response.status_code, json.dumps(body)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/auth/login", {"password": "guessed"}),
        ("/auth/signup", {"password": PASSWORD}),
        ("/auth/password/request", {}),
        ("/auth/code/request", {}),
    ],
)
def test_nothing_tells_a_program_whether_an_address_has_an_account(path, more):
    known, unknown = UserFactory().email, "nobody00@example.com"

    answers = [
        [part.replace(email, "ADDRESS") if isinstance(part, str) else part for part in show_answer(response)]
        for email in (known, unknown)
        if (response := call(path, {"email": email, **more}))
    ]

    assert answers[0] == answers[1]


def test_a_program_signs_in_by_a_code_from_the_mailbox():
    user = UserFactory()
    asked = call("/auth/code/request", {"email": user.email})
    token = asked.json()["meta"]["session_token"]

    response = call("/auth/code/confirm", {"code": CODE.search(mail.outbox[-1].body)[1]}, token=token)

    token = response.json()["meta"].get("session_token", token)
    assert response.status_code == 200
    assert call("/auth/session", method="get", token=token).json()["meta"]["is_authenticated"]


def test_a_token_that_waits_for_its_code_opens_nothing():
    response = call("/auth/signup", {"email": "new@example.com", "password": PASSWORD})
    token = response.json()["meta"]["session_token"]

    answer = Client().get("/api/v1/cart/", headers={"X-Session-Token": token})

    assert answer.status_code == 401
    assert not EmailAddress.objects.get().verified


def test_a_token_dies_with_its_sign_out_and_no_other_does():
    user = UserFactory()
    body = {"email": user.email, "password": PASSWORD}
    kept, ended = (call("/auth/login", body).json()["meta"]["session_token"] for _ in range(2))

    response = call("/auth/session", method="delete", token=ended)

    assert response.status_code == 401  # as allauth answers to who has just become nobody
    answers = [
        Client().get("/api/v1/cart/", headers={"X-Session-Token": token}).status_code
        for token in (kept, ended)
    ]
    assert answers == [200, 401]


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"x"', '{"email": 1}', '{"email": "a\\u0000@b.example"}']
)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/code/request", "/auth/email/verify"])
def test_senseless_bodies_are_refused(path, body):
    response = Client().post(APP + path, body, content_type="application/json")

    assert 400 <= response.status_code < 500
    assert User.objects.count() == 0
    assert mail.outbox == []


# --- The description ----------------------------------------------------------------------------


@pytest.fixture
def schema(client):
    return client.get("/api/v1/openapi.json").json()


def test_the_way_in_is_described_beside_our_calls(schema):
    assert {
        f"{APP}/auth/signup",
        f"{APP}/auth/email/verify",
        f"{APP}/auth/login",
        f"{APP}/auth/session",
    } <= set(schema["paths"])
    assert set(schema["paths"][f"{APP}/auth/session"]) >= {"get", "delete"}
    assert schema["components"]["securitySchemes"]["XSessionTokenAuth"]["name"] == "X-Session-Token"
    assert "X-Session-Token" in schema["info"]["description"]


def test_every_reference_of_the_description_leads_somewhere(schema):
    for reference in set(re.findall(r'"#/([^"]+)"', json.dumps(schema))):
        part = schema
        for name in reference.split("/"):
            assert name in part, reference
            part = part[name]


def test_every_path_of_the_description_exists(schema, client):
    for path in schema["paths"]:
        if path.startswith("/api/auth/"):
            assert client.options(path).status_code != 404, path


def test_other_sites_are_described_only_where_there_are_some(client, settings, schema):
    assert not [path for path in schema["paths"] if "provider" in path]
    keys = {"client_id": "x", "secret": "y", "settings": {}}
    settings.SOCIALACCOUNT_PROVIDERS = {"vk": {"APPS": [keys]}}

    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert f"{APP}/auth/provider/signup" in paths
