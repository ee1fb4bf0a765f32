"""What is too weak to take, and that the meter and the rule agree."""

import logging

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.passwords import estimate_strength
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_catalog_page

USER = User(email="anna.berg@example.com", name="Анна Берг")
PATH = "/account/password/strength/"


def is_taken(password, user=USER):
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "password1", "qwertyuiop", "йцукенгшщ", "пароль123", "12345678901", "anna.berg", "Anyberry2026",
        "anyberry!!", "клубника123", "Клубника-2026", "rke,ybrf123",
    ],
)  # fmt: skip
def test_what_anybody_guesses_is_refused(password):
    assert not is_taken(password)


@pytest.mark.parametrize("password", ["пять малин на окне", "raspberry sorbet at noon", "🍓🫐🍒🍇🥝🍊🍋🍎"])
def test_phrases_are_taken(password):
    assert is_taken(password)


@settings(max_examples=150, deadline=None)
@given(password=st.one_of(st.text(max_size=90), st.sampled_from(["password", "клубника", "qwertyuiop"])))
def test_the_meter_and_the_rule_agree(password):
    strength = estimate_strength(password=password, user=USER)

    assert (strength.score > 0) == is_taken(password)
    assert strength.word


def test_longer_is_stronger():
    scores = [
        estimate_strength(password=word, user=USER).score
        for word in ("123", "zhuravli", "zhuravli letyat", "zhuravli letyat na yug osenyu")
    ]

    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (0, 4)


@pytest.mark.django_db
class TestPage:
    @pytest.fixture(autouse=True)
    def _site(self):
        get_catalog_page("en")

    def test_it_says_how_strong_and_what_to_do(self, client):
        html = client.post(PATH, {"password1": "password1"}).content.decode()

        assert 'value="0"' in html
        assert "распространён" in html

    def test_it_speaks_english_there(self, client):
        html = client.post(f"/en{PATH}", {"password1": "correct horse battery staple"}).content.decode()

        assert "strong" in html

    def test_it_knows_the_address_that_is_being_registered(self, client):
        weak = client.post(PATH, {"password1": "anna.berg@example", "email": "anna.berg@example.com"})

        assert 'value="0"' in weak.content.decode()

    @pytest.mark.parametrize("password", ["", "\0", "я" * 100_000], ids=["none", "nul", "endless"])
    def test_nothing_typed_breaks_it(self, client, password):
        assert client.post(PATH, {"password1": password, "email": "\0"}).status_code == 200

    def test_it_is_not_for_looking(self, client):
        assert client.get(f"{PATH}?password1=secret").status_code == 405

    def test_who_asks_faster_than_people_type_is_stopped(self, client):
        answers = [client.post(PATH, {"password1": "x"}) for _ in range(61)]

        assert answers[59].status_code == 200
        assert answers[60].status_code == 429
        assert int(answers[60]["Retry-After"]) > 0

    def test_no_log_has_it(self, client, caplog):
        with caplog.at_level(logging.DEBUG):
            client.post(PATH, {"password1": "a very secret phrase"})

        assert "very secret" not in caplog.text

    @pytest.mark.parametrize("path", ["/account/signup/", "/en/account/signup/"])
    def test_the_form_asks_for_it(self, client, path):
        assert f'hx-post="{path.replace("signup", "password/strength")}"' in client.get(path).content.decode()

    def test_without_scripts_the_hint_says_what_is_asked_for(self, client):
        assert "Не короче 8 знаков" in client.get("/account/signup/").content.decode()


def test_passwords_are_kept_as_argon2id(settings):
    from anyberry.settings.base import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    memory = int(make_password("x").split("$")[3].split(",")[0].removeprefix("m="))

    assert make_password("x").startswith("argon2$argon2id$")
    assert memory >= 19 * 1024


@pytest.mark.django_db
def test_an_older_hash_is_made_anew_at_sign_in(client, settings):
    from anyberry.settings.base import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    user = UserFactory()
    user.password = make_password("a phrase of long ago", hasher="pbkdf2_sha256")
    user.save()

    client.post("/account/login/", {"login": user.email, "password": "a phrase of long ago"})

    user.refresh_from_db()
    assert user.password.startswith("argon2$")
