import pytest

from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db
DATA = {"name": "Анна", "phone": "8 (999) 123-45-67", "language": "en"}


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory(name="Старое имя", phone="+79990000000")


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def test_the_profile_shows_what_is_known_and_where_to_go(shopper, user):
    AddressFactory(user=user)

    response = shopper.get("/account/")

    html = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    for text in (user.email, 'value="Старое имя"', "+7 999 000-00-00", "Ягодная улица"):
        assert text in html
    for path in ("/account/email/", "/account/password/change/", "/account/sessions/", "/favorites/"):
        assert f'href="{path}"' in html


@pytest.mark.parametrize("path", ["/account/email/", "/account/password/change/", "/account/sessions/"])
def test_the_pages_it_links_to_are_there(shopper, path):
    assert shopper.get(path).status_code == 200
    assert shopper.get(f"/en{path}").status_code == 200


def test_saving_keeps_the_phone_in_one_form(shopper, user):
    response = shopper.post("/account/", DATA)

    user.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert (user.name, user.phone, user.language) == ("Анна", "+79991234567", "en")


def test_the_phone_may_be_taken_back(shopper, user):
    shopper.post("/account/", DATA | {"phone": ""})

    user.refresh_from_db()
    assert user.phone == ""


@pytest.mark.parametrize(
    "bad",
    [
        {"phone": "123"},
        {"phone": "\0"},
        {"phone": "9" * 1000},
        {"name": "x" * 151},
        {"name": "a\0b"},
        {"language": "de"},
        {"language": ""},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_at_its_field(shopper, user, bad):
    response = shopper.post("/account/", DATA | bad)

    assert response.status_code == 200
    assert "field--invalid" in response.content.decode()
    user.refresh_from_db()
    assert (user.name, user.phone, user.language) == ("Старое имя", "+79990000000", "ru")


def test_nobody_makes_themselves_an_owner(shopper, user):
    shopper.post("/account/", DATA | {"is_superuser": "on", "is_staff": "on", "email": "other@example.com"})

    before = user.email
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff, user.email) == (False, False, before)


@pytest.mark.parametrize("path", ["/account/", "/account/confirm/"])
def test_guests_are_led_to_sign_in(client, path):
    assert client.get(path)["Location"] == f"/account/login/?next={path}"


def test_the_confirmed_have_nothing_to_confirm(shopper):
    assert shopper.get("/account/confirm/?next=/cart/")["Location"] == "/cart/"
    assert shopper.get("/account/confirm/?next=//evil.example/")["Location"] == "/account/"


def test_the_unconfirmed_get_a_code_only_when_they_ask(client, mailoutbox):
    client.force_login(UserFactory(verified=False))

    assert client.get("/account/confirm/").status_code == 200
    assert len(mailoutbox) == 0

    response = client.post("/account/confirm/", {"next": "/cart/"})
    assert response["Location"] == "/account/confirm-email/?next=%2Fcart%2F"
    assert len(mailoutbox) == 1
