"""The page that lists through what an account opens: connect, disconnect, and never lock anybody out.
And nobody waits in an account for the person whose address it has.
"""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.copies import build_copy
from accounts.models import User
from accounts.social import forget_connections
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page
from tests.fixtures.providers import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/account/connections/"
CODE = re.compile(r"^([A-Z0-9-]{6,})$", re.MULTILINE)
VICTIM = "victim@yandex.ru"


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("en")


@pytest.fixture
def user(client):
    """Somebody who is signed in, and has just entered their password once more."""
    user = UserFactory(language="en")
    client.force_login(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return user


def connect(user, kind="yandex", uid="1"):
    return SocialAccount.objects.create(
        user=user, provider=kind, uid=uid, extra_data={"email": "vasya@yandex.ru", "name": "Вася"}
    )


def read_code():
    return CODE.search(mail.outbox[-1].body)[1]


def test_connecting_is_told_on_the_page_and_by_letter(client, user, providers):
    response = sign_in(client, providers["vk"], process="connect")

    assert response["Location"] == PAGE
    assert SocialAccount.objects.get().user == user
    assert EmailAddress.objects.filter(user=user).count() == 1  # the provider's address is not taken over
    assert mail.outbox[-1].subject == "Your Anyberry account opens through VK ID now"
    assert "vera@example.com" in client.get(PAGE).content.decode()


def test_who_has_been_away_enters_the_password_before_anything_is_connected(client, providers):
    user = UserFactory()
    client.force_login(user)

    response = sign_in(client, providers["vk"], process="connect")
    assert response["Location"] == "/account/reauthenticate/"
    assert not SocialAccount.objects.exists()
    response = client.post(response["Location"], {"password": PASSWORD})

    assert response["Location"] == PAGE
    assert SocialAccount.objects.get().user == user


def test_guests_connect_nothing(client, providers):
    response = client.post("/account/sign-in/vk/", {"process": "connect"})

    assert response["Location"].startswith("/account/login/")
    assert "socialaccount_states" not in client.session


def test_what_is_connected_to_somebody_else_stays_there(client, user, providers):
    theirs = connect(UserFactory(), "vk", "1234567890")

    sign_in(client, providers["vk"], process="connect")

    assert SocialAccount.objects.get() == theirs
    assert client.session["_auth_user_id"] == str(user.pk)


def test_disconnecting(client, user, providers):
    account = connect(user)

    client.post(PAGE, {"account": account.pk})

    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].subject == "Your Anyberry account no longer opens through Yandex ID"


def test_the_last_way_in_stays(client, user, providers):
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    account = connect(user)

    response = client.post(f"/en{PAGE}", {"account": account.pk})

    assert response.status_code == 200
    assert "Please choose a password first" in response.content.decode()
    assert SocialAccount.objects.get() == account


@pytest.mark.parametrize("number", ["theirs", "0", "x", "", "9" * 30, "-1"])
def test_nobody_disconnects_what_is_not_theirs(client, user, number):
    theirs = connect(UserFactory())

    response = client.post(PAGE, {"account": theirs.pk if number == "theirs" else number})

    assert response.status_code == 200
    assert SocialAccount.objects.get() == theirs


def test_a_provider_that_was_switched_off_can_still_be_let_go(client, user):
    account = connect(user, "sber")

    page = client.get(f"/en{PAGE}").content.decode()
    client.post(PAGE, {"account": account.pk})

    assert "Sber ID" in page
    assert "/account/sign-in/" not in page
    assert not SocialAccount.objects.exists()


def test_the_copy_of_ones_data_names_the_connections(user):
    connect(user)

    assert build_copy(user)["connections"][0]["email"] == "vasya@yandex.ru"


def test_a_closed_account_opens_through_nothing(user):
    connect(user)

    forget_connections(user)

    assert not SocialAccount.objects.exists()


# --- Nobody waits inside ------------------------------------------------------------------------


@pytest.fixture
def squatter(providers) -> Client:
    """Somebody who came through VK with an address that is not theirs, and could not confirm it."""
    squatter = Client()
    providers["vk"].person["email"] = VICTIM
    sign_in(squatter, providers["vk"])
    assert SocialAccount.objects.get().user.email == VICTIM
    return squatter


def reset_password(client):
    response = client.post("/account/password/reset/", {"email": VICTIM})
    response = client.post(response["Location"], {"code": read_code()})
    client.post(response["Location"], {"password1": PASSWORD, "password2": PASSWORD})


def sign_in_by_code(client):
    client.post("/account/login/code/", {"email": VICTIM})
    client.post("/account/login/code/confirm/", {"code": read_code()})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("take", [reset_password, sign_in_by_code])
def test_the_owner_of_the_address_throws_out_who_waits_behind_another_site(client, providers, squatter, take):
    take(client)

    assert EmailAddress.objects.get().verified
    assert not SocialAccount.objects.exists()
    sign_in(Client(), providers["vk"])
    assert not SocialAccount.objects.filter(user__email=VICTIM).exists()


def test_the_owner_who_comes_through_a_site_keeps_only_their_own(client, providers, squatter):
    providers["yandex"].person |= {"default_email": VICTIM}

    response = sign_in(client, providers["yandex"])
    if "confirm-email" in response["Location"]:
        client.post(response["Location"], {"code": read_code(), "action": "verify"})

    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert [account.provider for account in SocialAccount.objects.all()] == ["yandex"]


@pytest.fixture
def squatters_password() -> str:
    """Somebody registered the address with a password of theirs, and could not confirm it."""
    Client().post("/account/signup/", {"email": VICTIM, "password1": "I will wait for you here"})
    return "I will wait for you here"


@pytest.mark.parametrize("take", [reset_password, sign_in_by_code])
def test_the_owner_of_the_address_throws_out_who_waits_with_a_password(client, squatters_password, take):
    take(client)

    user = User.objects.get()
    assert EmailAddress.objects.get().verified
    assert not user.check_password(squatters_password)


def test_a_reset_that_stops_half_way_leaves_no_strange_password(client, squatters_password):
    response = client.post("/account/password/reset/", {"email": VICTIM})
    client.post(response["Location"], {"code": read_code()})

    assert not User.objects.get().has_usable_password()


def test_who_registers_keeps_the_password_they_chose(client):
    client.post("/account/signup/", {"email": VICTIM, "password1": PASSWORD})
    client.post("/account/confirm-email/", {"code": read_code(), "action": "verify"})

    assert User.objects.get().check_password(PASSWORD)


def test_who_confirms_later_with_the_password_keeps_it(client):
    Client().post("/account/signup/", {"email": VICTIM, "password1": PASSWORD})
    response = client.post("/account/login/", {"login": VICTIM, "password": PASSWORD})
    client.post(response["Location"], {"code": read_code(), "action": "verify"})

    assert client.session["_auth_user_id"]
    assert User.objects.get().check_password(PASSWORD)


def test_a_new_address_of_an_account_in_use_changes_nothing_else(client, user):
    connect(user)
    client.post("/account/email/", {"action_add": "", "email": "new@example.com"})

    client.post("/account/confirm-email/", {"code": read_code(), "action": "verify"})

    user.refresh_from_db()
    assert EmailAddress.objects.filter(email="new@example.com", verified=True).exists()
    assert user.check_password(PASSWORD)
    assert SocialAccount.objects.count() == 1
