"""Sign-in, registration and reset as people use them, with allauth's rate limits on."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^([A-Z0-9-]{6,})$", re.MULTILINE)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(autouse=True)
def _site_with_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    get_catalog_page("en")


def read_code():
    return CODE.search(mail.outbox[-1].body)[1]


@pytest.mark.parametrize(
    ("prefix", "language", "subject"),
    [("", "ru", "Anyberry"), ("/en", "en", "is your Anyberry code")],
)
def test_registering_by_code_signs_in(client, prefix, language, subject):
    page = client.get(f"{prefix}/account/signup/")
    assert f'<html lang="{language}"' in page.content.decode()

    response = client.post(f"{prefix}/account/signup/", {"email": "anna@example.com", "password1": PASSWORD})
    assert response["Location"] == f"{prefix}/account/confirm-email/"
    assert "_auth_user_id" not in client.session
    assert subject in mail.outbox[-1].subject
    assert read_code() in mail.outbox[-1].subject
    assert read_code() in mail.outbox[-1].alternatives[0].content

    response = client.post(response["Location"], {"code": read_code(), "action": "verify"})

    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.language == language
    assert EmailAddress.objects.get().verified
    assert client.get(f"{prefix}/account/").status_code == 200


@pytest.mark.parametrize(
    "passphrase", ["клубника со сливками на веранде у бабушки летом", "x" * 64 + "🍓" * 64]
)
def test_long_passphrases_of_any_letters_are_welcome(client, passphrase):
    client.post("/account/signup/", {"email": "anna@example.com", "password1": passphrase})
    client.post("/account/confirm-email/", {"code": read_code(), "action": "verify"})
    client.post("/account/logout/")

    response = client.post("/account/login/", {"login": "Anna@Example.com", "password": passphrase})

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


@pytest.mark.parametrize("password", ["password1", "12345", "anna@example.com"])
def test_passwords_that_anybody_guesses_are_refused(client, password):
    response = client.post("/account/signup/", {"email": "anna@example.com", "password1": password})

    assert response.status_code == 200
    assert User.objects.count() == 0
    assert mail.outbox == []


def test_a_robot_that_fills_the_hidden_field_gets_no_account(client):
    client.post(
        "/account/signup/", {"email": "bot@example.com", "password1": PASSWORD, "website": "http://x"}
    )

    assert User.objects.count() == 0
    assert mail.outbox == []


def test_a_wrong_code_signs_nobody_in(client):
    client.post("/account/signup/", {"email": "anna@example.com", "password1": PASSWORD})

    for _ in range(4):
        client.post("/account/confirm-email/", {"code": "WRONG-CODE", "action": "verify"})

    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get().verified


def test_signing_in_by_code(client):
    user = UserFactory()

    client.post("/account/login/code/", {"email": user.email})
    client.post("/account/login/code/confirm/", {"code": read_code()})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_new_password_by_code(client):
    user = UserFactory()

    response = client.post("/account/password/reset/", {"email": user.email})
    response = client.post(response["Location"], {"code": read_code()})
    client.post(
        response["Location"], {"password1": "another long passphrase", "password2": "another long passphrase"}
    )

    user.refresh_from_db()
    assert user.check_password("another long passphrase")


def test_signing_in_gives_the_session_a_new_key(client):
    user = UserFactory()
    client.post("/account/login/", {"login": user.email, "password": "wrong"})
    client.post("/favorites/toggle/", {"berry": 1})
    before = client.session.session_key

    client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert before is not None
    assert client.session.session_key != before


def show_answer(path, data):
    """Everything a stranger sees of an answer, and of the page it leads to."""
    client = Client()
    client.get(path)
    response = client.post(path, data)
    location = response.headers.get("Location", "")
    page = client.get(location).content.decode() if location else response.content.decode()
    return (
        response.status_code,
        location,
        CSRF.sub("", page).replace(data.get("email", data.get("login")), "ADDRESS"),
    )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/account/signup/", "email", {"password1": PASSWORD}),
        ("/account/password/reset/", "email", {}),
        ("/account/login/code/", "email", {}),
        ("/account/login/", "login", {"password": "wrong-wrong-wrong"}),
    ],
)
def test_nothing_tells_whether_an_address_has_an_account(prefix, path, field, more):
    known, unknown = UserFactory().email, "nobody00@example.com"

    answers = [show_answer(prefix + path, {field: address, **more}) for address in (known, unknown)]

    assert answers[0] == answers[1]
    if path != "/account/login/":
        assert [message.to for message in mail.outbox] == [[known], [unknown]]


def test_the_owner_of_a_known_address_is_told_who_knocked(client):
    user = UserFactory(language="en")

    client.post("/account/signup/", {"email": user.email, "password1": PASSWORD})

    letter = mail.outbox[-1]
    assert (
        letter.subject == "You already have an account at Anyberry"
    )  # in the owner's language, not the page's
    assert "/en/account/login/" in letter.body
    assert "testserver" not in letter.body + letter.alternatives[0].content


def test_letters_never_link_to_a_forged_host(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = UserFactory()

    client.post(
        "/account/signup/", {"email": user.email, "password1": PASSWORD}, headers={"Host": "evil.example"}
    )

    assert "evil.example" not in str(mail.outbox[-1].message())


def test_too_many_wrong_passwords_are_stopped(client):
    user = UserFactory()

    for _ in range(6):
        response = client.post("/account/login/", {"login": user.email, "password": "wrong"})
    assert "_auth_user_id" not in client.session

    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert response.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


def test_too_many_registrations_are_stopped(client):
    statuses = [
        client.post(
            "/account/signup/", {"email": f"a{number}@example.com", "password1": PASSWORD}
        ).status_code
        for number in range(22)
    ]

    assert statuses[-1] == 429
    assert User.objects.count() <= 20


def test_changing_the_password_is_told_by_letter(client):
    user = UserFactory(language="ru")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    client.post(
        "/account/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long passphrase",
            "password2": "another long passphrase",
        },
    )

    user.refresh_from_db()
    assert user.check_password("another long passphrase")
    assert mail.outbox[-1].to == [user.email]


@pytest.mark.parametrize(
    "email", ["\0", "a\0@example.com", "x" * 10_000 + "@example.com", "not an address", ""]
)
@pytest.mark.parametrize("path", ["/account/signup/", "/account/login/code/", "/account/password/reset/"])
def test_senseless_addresses_are_refused(client, path, email):
    response = client.post(path, {"email": email, "password1": PASSWORD})

    assert 200 <= response.status_code < 500
    assert User.objects.count() == 0
    assert mail.outbox == []


def test_senseless_sign_ins_are_refused(client):
    for login, password in [("\0", "x"), ("a@example.com", "\0"), ("x" * 10_000, "y" * 10_000)]:
        assert client.post("/account/login/", {"login": login, "password": password}).status_code == 200


def test_a_user_who_was_switched_off_cannot_sign_in(client):
    user = UserFactory(is_active=False)

    client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session
