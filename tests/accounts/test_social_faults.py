"""Whatever a provider, or somebody who plays one, sends: nobody is signed in, nothing is stored, no 500."""

import threading
import time

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.models import User
from anyberry.settings.sign_in import make_way_in
from tests.factories.catalog import get_catalog_page
from tests.fixtures.providers import PEOPLE, come_back, leave, sign_in

pytestmark = pytest.mark.django_db
KINDS = list(PEOPLE)
ODD_REPLIES = [
    (500, "<html>Oops</html>"),
    (200, "<html>Please wait</html>"),
    (200, ""),
    (200, "[" * 50_000),
    (403, {"error": "forbidden"}),
    (200, []),
    (200, None),
    (200, 7),
    (200, {"error": "server_error", "error_description": "x"}),
    (200, {"access_token": None}),
    (200, {"access_token": "made up", "expires_in": "soon", "id_token": "a.b.c"}),
    (200, {"id": None, "sub": None, "user": None}),
    (200, {"id": "", "sub": "", "user": {"user_id": ""}}),
    (200, {"id": {"a": 1}, "sub": [1], "user": {"user_id": True, "email": {}}}),
    (200, {"id": "9" * 200, "sub": "9" * 200, "user": {"user_id": "9" * 200}}),
]
ODD_QUERIES = [
    "",
    "code=1",
    "code=1&state=",
    "code=1&state=made-up",
    "error=access_denied",
    "error=server_error&state=made-up",
    "code[]=1&state[]=2",
    "code=%F0%9F%8D%93&state=%ED%A0%80",
    f"code={'x' * 9000}&state={'y' * 9000}",
]


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("en")


def assert_kept_out(client, response, status=401):
    """A page that says so, and nothing more."""
    assert response.status_code == status
    assert "socialaccount/authentication_error.html" in [template.name for template in response.templates]
    assert "_auth_user_id" not in client.session
    assert "socialaccount_sociallogin" not in client.session
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["/token", "/profile"])
def test_answers_of_odd_shapes_let_nobody_in(client, providers, kind, path):
    server = providers[kind]
    if kind == "google" and path == "/profile":
        server.faults["/token"] = lambda: (200, {"access_token": "without an id_token"})

    for reply in ODD_REPLIES:
        server.faults[path] = reply
        assert_kept_out(client, sign_in(client, server))


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_is_good_once(client, providers, kind):
    server = providers[kind]
    address = server.authorize(leave(client, kind))
    server.codes.clear()  # as after some minutes, too

    assert_kept_out(client, come_back(client, address))


@pytest.mark.parametrize("kind", KINDS)
def test_who_did_not_leave_from_here_cannot_come_back(client, providers, kind):
    for query in ODD_QUERIES:
        assert_kept_out(client, come_back(client, f"/account/back/{kind}/?{query}"))

    assert providers[kind].calls == []


def test_nobody_comes_back_for_somebody_else(providers):
    victim, thief = Client(), Client()
    address = providers["yandex"].authorize(leave(thief, "yandex"))

    assert_kept_out(victim, come_back(victim, address))
    assert providers["yandex"].calls == []


def test_a_state_is_good_once(client, providers):
    address = providers["yandex"].authorize(leave(client, "yandex"))
    come_back(client, address)
    client.logout()

    assert come_back(client, address).status_code == 401
    assert [path for path, _, _ in providers["yandex"].calls] == ["/token", "/profile"]


def test_a_state_of_one_provider_opens_no_other(client, providers):
    asked = leave(client, "vk")

    assert_kept_out(client, come_back(client, f"/account/back/yandex/?code=1&state={asked['state']}"))


def test_an_error_that_is_no_refusal_is_told(client, providers):
    asked = leave(client, "yandex")

    assert_kept_out(client, come_back(client, f"/account/back/yandex/?error=x&state={asked['state']}"))


def test_nul_bytes_are_no_query(client, providers):
    assert client.get("/account/back/yandex/?code=%00&state=1").status_code == 400


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_waits_for_a_provider_that_hangs(client, providers, kind, settings):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    awake = threading.Event()
    providers[kind].faults["/token"] = lambda: (awake.wait(5), (200, {}))[1]

    begun = time.monotonic()
    response = sign_in(client, providers[kind])
    awake.set()

    assert_kept_out(client, response)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("name", "stored"),
    [("Анна\0 Ягодкина\ud83c", "Анна Ягодкина"), ("я" * 9000, "я" * 150), ({"a": 1}, ""), (None, "")],
)
def test_names_that_no_database_holds_are_cleaned(client, providers, name, stored):
    providers["yandex"].person |= {"real_name": name, "first_name": None, "last_name": None}

    sign_in(client, providers["yandex"])

    assert User.objects.get().name == stored


@pytest.mark.parametrize(
    "email",
    ["no address", "a\0@yandex.ru", "x" * 300 + "@yandex.ru", ["a@yandex.ru"], "a@yandex.ru\r\nBcc: b@c"],
)
def test_an_address_that_is_none_is_asked_for(client, providers, email):
    providers["yandex"].person |= {"default_email": email, "emails": []}

    response = sign_in(client, providers["yandex"])

    assert User.objects.count() == 0 or User.objects.get().email == "a@yandex.ru"
    assert response.status_code == 302


def test_what_failed_is_noted_without_its_secrets(client, providers, caplog):
    providers["yandex"].faults["/token"] = (400, {"error": "invalid_grant", "secret": "do not tell"})

    sign_in(client, providers["yandex"])

    assert "Sign-in through yandex failed: OAuth2Error" in caplog.text
    assert "do not tell" not in caplog.text


# --- Sber: certificate, number, nonce, report ---------------------------------------------------


def test_sber_lets_in_only_who_shows_the_certificate(client, providers, certificates, settings):
    keys = settings.SOCIALACCOUNT_PROVIDERS["sber"]["APPS"][0]["settings"]
    keys |= {"certificate": certificates["stranger.pem"], "key": certificates["stranger.key"]}

    assert_kept_out(client, sign_in(client, providers["sber"]))
    assert providers["sber"].calls == []


def test_who_only_plays_sber_is_told_nothing(client, providers, certificates, settings):
    settings.SBER_AUTHORITY = certificates["strange-root.pem"]

    assert_kept_out(client, sign_in(client, providers["sber"]))
    assert providers["sber"].calls == []


@pytest.mark.parametrize("paths", [{"key": "/nowhere.key"}, {"certificate": "/nowhere.pem"}])
def test_a_certificate_that_is_lost_is_no_crash(client, providers, settings, paths):
    settings.SOCIALACCOUNT_PROVIDERS["sber"]["APPS"][0]["settings"] |= paths

    assert_kept_out(client, sign_in(client, providers["sber"]))


def test_sber_is_asked_in_its_order_and_every_call_has_a_number_of_its_own(client, providers):
    asked = leave(client, "sber")
    come_back(client, providers["sber"].authorize(asked))

    assert asked["scope"].split()[0] == "openid"
    assert asked["client_type"] == "PRIVATE"
    assert [path for path, _, _ in providers["sber"].calls] == ["/token", "/profile", "/completed"]
    numbers = {
        headers.get("rquid") or headers["x-introspect-rquid"] for _, _, headers in providers["sber"].calls
    }
    assert len(numbers) == 3


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"nonce": None}, {"aud": "another shop"}, {"aud": None}, {"sub": "another"}],
)
def test_an_id_token_of_another_sign_in_is_refused(client, providers, claims):
    providers["sber"].claims = claims

    assert_kept_out(client, sign_in(client, providers["sber"]))


def test_a_report_that_sber_does_not_take_keeps_nobody_out(client, providers, caplog):
    providers["sber"].faults["/completed"] = (500, "x")

    response = sign_in(client, providers["sber"])

    assert response["Location"].endswith("/account/confirm-email/")
    assert SocialAccount.objects.get().provider == "sber"
    assert "Sber was not told of a sign-in: HTTPError" in caplog.text


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"VK_CLIENT_ID": "x", "VK_CLIENT_SECRET": ""}, "VK_CLIENT_SECRET"),
        (
            {"SBER_CLIENT_ID": "x", "SBER_CLIENT_SECRET": "y", "SBER_CERTIFICATE": "", "SBER_KEY": ""},
            "SBER_KEY",
        ),
        ({"SBER_CLIENT_ID": "x", "SBER_CERTIFICATE": "/nowhere.pem"}, "SBER_CERTIFICATE"),
    ],
)
def test_half_of_the_keys_stop_the_start(keys, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        make_way_in(**keys)


def test_no_keys_are_no_mistake():
    assert make_way_in(VK_CLIENT_ID="", VK_CLIENT_SECRET="") == {"APPS": []}
