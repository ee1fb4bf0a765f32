"""The address book: several addresses, of which one is the default, and nobody else's."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.address_book import MOST_ADDRESSES
from accounts.forms import AddressForm
from accounts.models import Address
from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db
DATA = {"city": "Москва", "street": "Малая Бронная", "house": "10, стр. 2", "flat": "7"}


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def list_defaults(user):
    return [address.pk for address in user.addresses.filter(is_default=True)]


def read_book(user):
    return sorted(user.addresses.values_list("pk", "street", "is_default"))


def test_an_empty_book_says_how_to_fill_it(shopper):
    html = shopper.get("/account/addresses/").content.decode()

    assert 'href="/account/addresses/add/"' in html


def test_the_first_address_is_the_default(shopper, user):
    response = shopper.post("/account/addresses/add/", DATA)

    assert response["Location"] == "/account/addresses/"
    address = user.addresses.get()
    assert (address.one_line, address.is_default) == ("Москва, Малая Бронная, 10, стр. 2, кв. 7", True)


def test_another_address_leaves_the_default_alone(shopper, user):
    first = AddressFactory(user=user)

    shopper.post("/account/addresses/add/", DATA)

    assert user.addresses.count() == 2
    assert list_defaults(user) == [first.pk]


def test_another_one_becomes_the_default(shopper, user):
    AddressFactory(user=user)
    second = AddressFactory(user=user, street="Вторая", is_default=False)

    shopper.post(f"/account/addresses/{second.pk}/default/")

    assert list_defaults(user) == [second.pk]


def test_an_address_is_changed_in_its_place(shopper, user):
    address = AddressFactory(user=user)

    shopper.post(f"/account/addresses/{address.pk}/", DATA | {"street": "Новая"})

    assert read_book(user) == [(address.pk, "Новая", True)]


def test_when_the_default_goes_the_newest_takes_its_place(shopper, user):
    first = AddressFactory(user=user)
    AddressFactory(user=user, street="Вторая", is_default=False)
    third = AddressFactory(user=user, street="Третья", is_default=False)

    shopper.post(f"/account/addresses/{first.pk}/remove/")

    assert list_defaults(user) == [third.pk]


def test_the_last_address_may_go(shopper, user):
    address = AddressFactory(user=user)

    shopper.post(f"/account/addresses/{address.pk}/remove/")

    assert not user.addresses.exists()


def test_a_full_book_takes_no_more(shopper, user):
    for number in range(MOST_ADDRESSES):
        AddressFactory(user=user, house=str(number), is_default=not number)

    response = shopper.post("/account/addresses/add/", DATA)

    assert response.status_code == 409
    assert user.addresses.count() == MOST_ADDRESSES


@pytest.mark.parametrize("tail", ["", "default/", "remove/"])
def test_somebody_elses_address_is_not_found(shopper, tail):
    other = AddressFactory(is_default=False)
    before = read_book(other.user)

    response = shopper.post(f"/account/addresses/{other.pk}/{tail}", DATA)

    assert response.status_code == 404
    assert read_book(other.user) == before


@pytest.mark.parametrize("path", ["/account/addresses/", "/account/addresses/add/", "/account/addresses/1/"])
def test_guests_are_led_to_sign_in(client, path):
    assert client.get(path)["Location"] == f"/account/login/?next={path}"


@pytest.mark.parametrize("path", ["/account/addresses/1/default/", "/account/addresses/1/remove/"])
def test_looking_changes_nothing(shopper, path):
    assert shopper.get(path).status_code == 405


@pytest.mark.parametrize(
    "bad",
    [
        {"city": ""},
        {"street": " "},
        {"house": ""},
        {"city": "a\0b"},
        {"street": "x" * 151},
        {"flat": "x" * 21},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_at_its_field(shopper, user, bad):
    response = shopper.post("/account/addresses/add/", DATA | bad)

    assert response.status_code == 422
    assert "field--invalid" in response.content.decode()
    assert not user.addresses.exists()


@pytest.mark.parametrize("number", ["0", str(2**63), str(10**30)])
def test_numbers_no_database_knows_are_not_found(shopper, number):
    assert shopper.post(f"/account/addresses/{number}/", DATA).status_code == 404
    assert shopper.post(f"/account/addresses/{number}/remove/").status_code == 404


def test_the_book_costs_the_same_however_many_are_in_it(shopper, user, django_assert_max_num_queries):
    for number in range(MOST_ADDRESSES):
        AddressFactory(user=user, house=str(number), is_default=not number)
    shopper.get("/account/addresses/")

    with django_assert_max_num_queries(6):
        shopper.get("/account/addresses/")


TEXT = st.text(max_size=200)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.fixed_dictionaries(dict.fromkeys(("city", "street", "house", "flat", "floor"), TEXT)))
def test_whatever_is_typed_is_either_refused_or_kept_as_it_was_meant(data):
    form = AddressForm(data)

    if form.is_valid():
        address = Address(user=UserFactory.build(), **form.cleaned_data)
        assert {name: getattr(address, name) for name in data} == {
            name: value.strip() for name, value in data.items()
        }
        assert all((address.city, address.street, address.house))
    else:
        assert set(form.errors) <= set(data)
