"""Signing in through other sites: who comes new, who is known, who turns back, and who has no keys."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_catalog_page
from tests.fixtures.providers import PEOPLE, come_back, leave, sign_in

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^([A-Z0-9-]{6,})$", re.MULTILINE)
KINDS = list(PEOPLE)
SURE = ["yandex", "google"]  # they hand out mailboxes of their own
UNSURE = ["vk", "sber"]


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("en")


def is_signed_in(client):
    return "_auth_user_id" in client.session


def confirm(client, response):
    """Enter the code of the last letter."""
    assert response["Location"].endswith("/account/confirm-email/")
    return client.post(
        response["Location"], {"code": CODE.search(mail.outbox[-1].body)[1], "action": "verify"}
    )


@pytest.mark.parametrize("kind", SURE)
def test_who_comes_with_a_mailbox_of_the_provider_is_in_at_once(client, providers, kind):
    response = sign_in(client, providers[kind])

    user = User.objects.get()
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.email, bool(user.name)) == (EmailAddress.objects.get(verified=True).email, True)
    assert not user.has_usable_password()


@pytest.mark.parametrize("kind", UNSURE)
def test_any_other_address_is_confirmed_by_us(client, providers, kind):
    response = sign_in(client, providers[kind])
    assert not is_signed_in(client)

    confirm(client, response)

    assert is_signed_in(client)
    assert EmailAddress.objects.get().verified
    assert SocialAccount.objects.get().provider == kind


@pytest.mark.parametrize("kind", KINDS)
def test_who_came_before_is_known_by_the_id_alone(client, providers, kind):
    user = UserFactory()
    ids = {"yandex": "1000034426", "vk": "1234567890"}
    SocialAccount.objects.create(user=user, provider=kind, uid=ids.get(kind) or PEOPLE[kind]["sub"])
    providers[kind].person["email"] = "another@example.com"

    sign_in(client, providers[kind])

    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_little_is_asked_for_and_less_is_kept(client, providers, kind):
    asked = leave(client, kind)
    come_back(client, providers[kind].authorize(asked))

    assert asked["redirect_uri"] == f"http://127.0.0.1:8000/account/back/{kind}/"
    assert asked["code_challenge_method"] == "S256"
    assert set(SocialAccount.objects.get().extra_data) == {"email", "name"}
    assert "phone" not in asked["scope"]


def test_people_go_on_to_where_they_wanted(client, providers):
    assert sign_in(client, providers["yandex"], next="/cart/")["Location"] == "/cart/"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_a_place_of_somebody_elses(client, providers, place):
    assert sign_in(client, providers["yandex"], next=place)["Location"] == "/"


def test_an_account_that_owns_the_mailbox_is_opened_and_told(client, providers):
    user = UserFactory(email="vasya@yandex.ru", language="en")

    sign_in(client, providers["yandex"])

    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().user == user
    assert mail.outbox[-1].subject == "Your Anyberry account opens through Yandex ID now"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("yandex", {"default_email": "known@example.com"}),
        ("yandex", {"default_email": "known@example.com", "emails": ["known@example.com"]}),
        ("vk", {"email": "known@example.com", "verified": True}),
        ("sber", {"email": "known@example.com", "email_verified": True}),
        ("google", {"email": "known@example.com", "email_verified": True}),
        ("google", {"email": "known@example.com", "email_verified": True, "hd": "other.example"}),
        ("google", {"email": "known@gmail.com", "email_verified": False}),
        ("google", {"email": "known@gmail.com", "email_verified": "true"}),
    ],
)
def test_an_address_that_may_be_somebody_elses_opens_no_account(client, providers, kind, told):
    user = UserFactory(email=told.get("default_email") or told["email"], language="en")
    providers[kind].person |= told

    response = sign_in(client, providers[kind])

    assert response["Location"].endswith("/account/confirm-email/")  # as for an address that nobody has
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([user.email], "You already have an account at Anyberry")
    ]


def test_the_domain_that_google_runs_is_googles_word(client, providers):
    user = UserFactory(email="gosha@berries.example")
    providers["google"].person |= {"email": user.email, "hd": "berries.example"}

    sign_in(client, providers["google"])

    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("kind", "told"), [("yandex", {"default_email": None, "emails": []}), ("vk", {"email": ""})]
)
def test_who_comes_without_an_address_is_asked_for_one(client, providers, kind, told, prefix):
    providers[kind].person |= told

    response = sign_in(client, providers[kind], prefix=prefix)
    assert response["Location"] == f"{prefix}/account/connections/signup/"
    page = client.get(response["Location"]).content.decode()
    assert f'<html lang="{prefix[1:] or "ru"}"' in page
    assert User.objects.count() == 0
    response = client.post(response["Location"], {"email": "New@example.com"})
    confirm(client, response)

    user = User.objects.get()
    assert (user.email, user.language) == ("new@example.com", prefix[1:] or "ru")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().user == user


def test_who_is_asked_cannot_take_an_address_that_is_taken(client, providers):
    user = UserFactory(language="en")
    providers["vk"].person["email"] = ""

    response = sign_in(client, providers["vk"])
    response = client.post(response["Location"], {"email": user.email})

    assert response["Location"].endswith("/account/confirm-email/")
    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].subject == "You already have an account at Anyberry"


@pytest.mark.parametrize(("prefix", "words"), [("", "Вы не вошли"), ("/en", "You have not been signed in")])
def test_who_turns_back_is_told_so_in_the_language_they_left_in(client, providers, prefix, words):
    asked = leave(client, "yandex", prefix=prefix)

    response = come_back(client, f"/account/back/yandex/?error=access_denied&state={asked['state']}")

    assert response["Location"] == f"{prefix}/account/connections/login/cancelled/"
    assert words in client.get(response["Location"]).content.decode()
    assert not is_signed_in(client)


def test_a_look_at_the_button_leads_nowhere(client, providers):
    response = client.get("/account/sign-in/yandex/")

    assert response.status_code == 200
    assert "socialaccount_states" not in client.session
    assert 'method="post"' in response.content.decode()


def test_a_form_of_another_site_leads_nowhere(providers):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    assert client.post("/account/sign-in/yandex/").status_code == 403
    assert "socialaccount_states" not in client.session


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", ["login", "signup"])
def test_pages_offer_what_has_keys_and_nothing_else(client, providers, settings, prefix, page):
    def list_buttons():
        content = client.get(f"{prefix}/account/{page}/").content.decode()
        return re.findall(rf'action="{prefix}/account/sign-in/(\w+)/"', content)

    assert list_buttons() == ["yandex", "vk", "sber", "google"]
    settings.SOCIALACCOUNT_PROVIDERS |= {"google": {"APPS": []}, "vk": {"APPS": []}}
    assert list_buttons() == ["yandex", "sber"]
    settings.SOCIALACCOUNT_PROVIDERS = {kind: {"APPS": []} for kind in KINDS}
    assert list_buttons() == []


@pytest.mark.parametrize("kind", [*KINDS, "facebook", "x" * 500])
def test_without_keys_there_is_nothing_there(client, kind):
    for path in (
        f"/account/sign-in/{kind}/",
        f"/en/account/sign-in/{kind}/",
        f"/account/back/{kind}/?code=1",
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"/account/sign-in/{kind}/").status_code == 404
    assert client.get("/api/auth/app/v1/config").json()["data"].get("socialaccount", {}).get("providers") in (
        None,
        [],
    )
