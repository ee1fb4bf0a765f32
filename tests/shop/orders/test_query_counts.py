"""Lists of orders ask the database as much of three orders as of three hundred."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from payments.models import Bill
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page
from tests.factories.orders import make_order, multiply, settle

FEW, MANY = 3, 300
LISTS = {
    "the shopper's": "/orders/",
    "the API's": "/api/v1/orders/",
    "the admin's": "/admin/snippets/shop/order/",
    "the packing list": "/admin/packing/?day={day}",
}


@pytest.fixture
def order(client, db) -> Order:
    """A paid order of somebody who may see every list, and looks at them."""
    get_front_page()
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return settle(make_order(user), Bill.Status.PAID)


def count_queries(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_of_many_orders_as_of_few(client, order, name):
    day = timezone.localdate(order.delivery.slot.starts_at).isoformat()
    path = LISTS[name].format(day=day)
    multiply(order, FEW - 1)
    client.get(path)  # what is kept from the first look on is asked for once
    few = count_queries(client, path)

    multiply(order, MANY - FEW)

    assert Order.objects.filter(user=order.user).count() == MANY
    assert count_queries(client, path) == few
