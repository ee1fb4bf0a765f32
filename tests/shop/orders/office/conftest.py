"""Staff who are signed in, and orders that are paid."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import EDITORS, MANAGERS, PACKERS
from payments.models import Bill
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle

ORDERS = "/admin/snippets/shop/order/"


def sign_in(client, role: str) -> User:
    """Somebody with the role, signed in."""
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


@pytest.fixture
def manager(client) -> User:
    return sign_in(client, MANAGERS)


@pytest.fixture
def packer(client) -> User:
    return sign_in(client, PACKERS)


@pytest.fixture
def editor(client) -> User:
    return sign_in(client, EDITORS)


@pytest.fixture
def order(db) -> Order:
    """A paid order of two packs of 390 ₽, and delivery for 250 ₽."""
    return settle(make_order(), Bill.Status.PAID)
