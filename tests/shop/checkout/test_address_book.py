"""Where the next order goes: to the default address of the book."""

import pytest

from accounts.address_book import make_default
from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.catalog import get_catalog_page
from tests.factories.orders import SlotFactory, ZoneFactory, make_order

pytestmark = pytest.mark.django_db


def test_it_is_the_one_chosen_after_the_last_order(client):
    get_catalog_page("en")
    user = UserFactory()
    make_order(user)
    chosen = AddressFactory(user=user, street="Выбранная", is_default=False)
    client.force_login(user)
    put_in_cart(user)
    ZoneFactory()
    SlotFactory()
    assert 'value="Тверская улица"' in client.get("/checkout/").content.decode()

    make_default(user=user, address_id=chosen.pk)

    assert 'value="Выбранная"' in client.get("/checkout/").content.decode()
