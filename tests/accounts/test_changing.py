"""Another e-mail address, confirmed and told; limits, cookies, and who asks from where."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^([A-Z0-9-]{6,})$", re.MULTILINE)
NEW = "new.address@example.com"
BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _site_with_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    get_catalog_page("en")


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    """Signed in, and just now asked for the password once more."""
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def ask_for(client, email):
    return client.post("/account/email/", {"email": email, "action_add": ""})


def enter_code(client):
    code = CODE.search(mail.outbox[-1].body)[1]
    return client.post("/account/confirm-email/", {"code": code, "action": "verify"})


def read_addresses(user):
    return list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


class TestEmail:
    def test_changes_once_the_new_one_is_confirmed_and_the_old_one_is_told(self, shopper, user):
        old = user.email

        ask_for(shopper, NEW)
        user.refresh_from_db()
        assert user.email == old
        assert mail.outbox[-1].to == [NEW]

        enter_code(shopper)
        user.refresh_from_db()
        assert user.email == NEW
        assert read_addresses(user) == [(NEW, True, True)]
        assert mail.outbox[-1].to == [old]
        assert NEW in mail.outbox[-1].body

    def test_asks_for_the_password_first(self, client, user):
        client.force_login(user)

        assert ask_for(client, NEW)["Location"].startswith("/account/reauthenticate/")
        assert mail.outbox == []

    def test_stays_the_same_after_a_wrong_code(self, shopper, user):
        ask_for(shopper, NEW)

        shopper.post("/account/confirm-email/", {"code": "WRONG-CODE", "action": "verify"})

        before = user.email
        user.refresh_from_db()
        assert user.email == before

    def test_says_nothing_about_whose_the_new_one_is(self, shopper, user):
        taken = UserFactory().email

        answers = [(ask_for(shopper, email)["Location"], mail.outbox[-1].to) for email in (taken, NEW)]

        assert answers == [("/account/confirm-email/", [taken]), ("/account/confirm-email/", [NEW])]

    def test_takes_no_address_away_from_anybody(self, shopper, user):
        other = UserFactory()
        ask_for(shopper, other.email)
        before = user.email

        response = enter_code(shopper)

        assert response.status_code < 500
        user.refresh_from_db()
        assert user.email == before
        assert [email for email, *_rest in read_addresses(other)] == [other.email]

    @pytest.mark.parametrize("email", ["", "x", "\0", "x" * 400 + "@example.com"])
    def test_refuses_what_is_no_address(self, shopper, user, email):
        assert ask_for(shopper, email).status_code == 200
        assert len(read_addresses(user)) == 1
        assert mail.outbox == []


@pytest.mark.parametrize("path", ["/account/signup/", "/account/login/code/", "/account/password/reset/"])
def test_addresses_longer_than_any_mail_server_takes_are_refused(client, path):
    response = client.post(path, {"email": "x" * 60 + "@" + "a." * 120 + "com", "password1": PASSWORD})

    assert response.status_code < 500
    assert mail.outbox == []
    assert not User.objects.exists()


class TestLimits:
    def guess(self, client, email, **more):
        return client.post("/account/login/", {"login": email, "password": "wrong"}, **more)

    @pytest.mark.parametrize("known", [True, False])
    def test_the_sixth_wrong_password_is_too_many_and_says_when_to_return(self, client, user, known):
        email = user.email if known else "nobody@example.com"

        answers = [self.guess(client, email) for _ in range(6)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[-1]["Retry-After"] == "300"
        assert "no-store" in answers[-1]["Cache-Control"]

    def test_the_right_password_does_not_help_then(self, client, user):
        for _ in range(6):
            self.guess(client, user.email)

        response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})

        assert response.status_code == 429
        assert "_auth_user_id" not in client.session

    def test_pretending_to_come_from_elsewhere_changes_nothing(self, client):
        answers = [
            self.guess(client, f"a{number}@example.com", headers={"x-forwarded-for": f"10.1.1.{number}"})
            for number in range(11)
        ]

        assert [answer.status_code for answer in answers] == [200] * 10 + [429]

    def test_programs_are_told_in_their_shape(self, client, user):
        path, body = "/api/auth/app/v1/auth/login", {"email": user.email, "password": "wrong"}

        answers = [client.post(path, body, content_type="application/json") for _ in range(6)]

        assert [answer.status_code for answer in answers] == [400] * 5 + [429]
        assert answers[-1]["Retry-After"] == "300"
        assert answers[-1].json()["status"] == 429

    @pytest.mark.parametrize(
        ("path", "data", "most"),
        [
            ("/account/password/reset/", {"email": "a@example.com"}, 5),
            ("/account/login/code/", {"email": "a@example.com"}, 3),
        ],
    )
    def test_asking_for_codes_is_limited(self, path, data, most):
        answers = [Client().post(path, data) for _ in range(most + 1)]

        assert [answer.status_code for answer in answers] == [302] * most + [429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert len(mail.outbox) == most

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("/account/signup/", {"email": "new{}@example.com", "password1": PASSWORD}),
            ("/account/password/reset/", {"email": "nobody{}@example.com"}),
            ("/account/login/code/", {"email": "nobody{}@example.com"}),
        ],
    )
    def test_so_is_asking_for_many_addresses_wherever_it_comes_from(self, path, form):
        def ask(number):
            data = form | {"email": form["email"].format(number)}
            return Client().post(path, data, headers={"x-forwarded-for": f"10.1.1.{number}"})

        answers = [ask(number) for number in range(21)]

        assert [answer.status_code for answer in answers] == [302] * 20 + [429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert len(mail.outbox) == 20

    def test_sending_the_code_again_is_limited(self, client):
        client.post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD})

        elsewhere = {"x-forwarded-for": "10.9.9.9"}
        response = client.post("/account/confirm-email/", {"action": "resend"}, headers=elsewhere)

        assert response.status_code == 429
        assert int(response["Retry-After"]) > 0
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize(("prefix", "language"), [("", "ru"), ("/en", "en")])
    def test_the_page_speaks_the_visitors_language(self, client, prefix, language):
        for _ in range(6):
            response = client.post(
                f"{prefix}/account/login/", {"login": "a@example.com", "password": "wrong"}
            )

        assert response.status_code == 429
        assert f'<html lang="{language}"' in response.content.decode()


def test_sending_the_code_again_tells_nothing_about_whose_the_address_is():
    answers = []
    for email in (UserFactory().email, "nobody@example.com"):
        client = Client()
        mail.outbox.clear()
        client.post("/account/signup/", {"email": email, "password1": PASSWORD})
        response = client.post("/account/confirm-email/", {"action": "resend"})
        answers.append((response.status_code, response.get("Location"), len(mail.outbox)))

    assert answers[0] == answers[1]


def test_a_missing_account_costs_as_much_work_as_a_wrong_password(client, user, monkeypatch):
    """The hash is computed for nobody, too: the time an answer takes tells nothing."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    counted = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: counted.append(1) or encode(*args))

    works = []
    for email in (user.email, "nobody@example.com"):
        counted.clear()
        client.post("/account/login/", {"login": email, "password": "wrong"})
        works.append(len(counted))

    assert works[0] == works[1] > 0


def test_signing_in_gives_a_new_key_and_the_old_one_is_dead(client, user):
    client.post("/favorites/toggle/", {"berry": 1})
    before = client.cookies["sessionid"].value

    client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    after = client.cookies["sessionid"].value
    thief = Client()
    thief.cookies["sessionid"] = before
    assert after != before
    assert thief.get("/account/").status_code == 302


def test_cookies_are_guarded_in_production():
    names = [
        *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"),
        *("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT"),
    ]
    script = f"from django.conf import settings; print(*(getattr(settings, n) for n in {names}))"
    environment = {
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.production",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "shop.example",
        "DATABASE_URL": "postgresql://a:b@127.0.0.1:1/a",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PYTHONPATH": f"{BASE_DIR}:{BASE_DIR / 'site'}",
    }

    result = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert result.stdout.split() == ["True", "True", "True", "Lax", "Lax", "True"]
