"""The newsletter's switch in the account."""

import pytest
from django.core import mail

from home.newsletter.models import Subscriber
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_catalog_page
from tests.factories.newsletter import make_subscriber

pytestmark = pytest.mark.django_db
PATH = "/newsletter/switch/"


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory(language="en")


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def get_status(user):
    return list(Subscriber.objects.for_email(user.email).values_list("status", flat=True))


def test_on_needs_no_letter_as_the_address_is_known_to_be_theirs(shopper, user):
    response = shopper.post(PATH, {"wanted": "on"})

    subscriber = Subscriber.objects.get()
    assert response["Location"] == "/account/"
    assert (subscriber.email, subscriber.status, subscriber.language) == (user.email, "active", "en")
    assert subscriber.consents.get().confirmed_at
    assert subscriber.due_answer == ""
    assert mail.outbox == []


def test_off_ends_it_and_withdraws_the_consent(shopper, user):
    shopper.post(PATH, {"wanted": "on"})

    shopper.post(PATH, {"wanted": "off"})

    assert get_status(user) == ["unsubscribed"]
    assert Subscriber.objects.get().consents.get().withdrawn_at


def test_on_again_after_leaving(shopper, user):
    make_subscriber(user.email, status="unsubscribed")

    shopper.post(PATH, {"wanted": "on"})

    assert get_status(user) == ["active"]


@pytest.mark.parametrize("wanted", ["on", "off"])
def test_twice_is_as_good_as_once(shopper, user, wanted):
    for _ in range(2):
        assert shopper.post(PATH, {"wanted": wanted}).status_code == 302

    assert get_status(user) == (["active"] if wanted == "on" else [])


def test_who_complained_of_spam_is_not_written_to_again(shopper, user):
    from django.utils import timezone

    make_subscriber(user.email, status="suppressed", suppressed_at=timezone.now(), suppressed_for="complaint")

    shopper.post(PATH, {"wanted": "on"})

    assert get_status(user) == ["suppressed"]


def test_the_unconfirmed_confirm_first(client):
    user = UserFactory(verified=False)
    client.force_login(user)

    assert client.post(PATH, {"wanted": "on"})["Location"].startswith("/account/confirm/")
    assert get_status(user) == []


def test_guests_are_led_to_sign_in(client):
    assert client.post(PATH, {"wanted": "on"})["Location"].startswith("/account/login/")
    assert not Subscriber.objects.exists()


def test_looking_changes_nothing(shopper):
    assert shopper.get(PATH).status_code == 405


@pytest.mark.parametrize(("status", "value"), [("active", "off"), ("unsubscribed", "on")])
def test_the_account_shows_how_it_stands(shopper, user, status, value):
    make_subscriber(user.email, status=status)

    assert f'value="{value}"' in shopper.get("/account/").content.decode()
