"""Moving many orders of the list at once: each for itself, by those who may."""

import pytest

from payments.models import Bill
from shop.delivery.models import Delivery
from shop.orders.models import Order
from tests.factories.orders import make_order, settle
from tests.shop.orders.office.conftest import ORDERS

pytestmark = pytest.mark.django_db
BULK = "/admin/bulk/shop/order/"


def move_all(client, action: str, ids: list[object]):
    query = "&".join(f"id={pk}" for pk in ids)
    return client.post(f"{BULK}{action}/?{query}&next={ORDERS}", follow=True)


def read_status(order: Order) -> str:
    return Delivery.objects.get(pk=order.delivery_id).status


def test_those_that_can_move_and_the_others_are_named(client, manager, order):
    other, unpaid = settle(make_order(), Bill.Status.PAID), make_order()

    response = move_all(client, "hand_over", [order.pk, other.pk, unpaid.pk])

    assert [read_status(one) for one in (order, other, unpaid)] == ["handed_over", "handed_over", "waiting"]
    said = [str(message) for message in response.context["messages"]]
    assert len(said) == 2
    assert unpaid.number in said[1]


def test_the_page_before_says_what_would_move(client, manager, order):
    unpaid = make_order()

    text = client.get(f"{BULK}hand_over/?id={order.pk}&id={unpaid.pk}&next={ORDERS}").content.decode()

    assert order.number in text
    assert unpaid.number in text
    assert read_status(order) == "packing"


@pytest.mark.parametrize("role", ["editor", "packer"])
def test_who_may_not_sees_no_order_and_moves_none(client, request, order, role):
    request.getfixturevalue(role)
    addresses = [f"{BULK}{name}/?id={order.pk}&next={ORDERS}" for name in ("hand_over", "set_off", "deliver")]

    responses = [ask(address) for address in addresses for ask in (client.get, client.post)]

    for response in responses:
        assert response.status_code in {302, 403}
        assert order.number not in response.content.decode()
    assert read_status(order) == "packing"


def test_senseless_or_too_many_keys_move_nothing(client, manager, order):
    for ids in (["all", order.pk], ["x"], ["9" * 40], [], [order.pk] * 201):
        response = move_all(client, "hand_over", ids)

        assert response.redirect_chain[-1][0] == ORDERS
        assert read_status(order) == "packing"


def test_nobody_deletes_orders_in_bulk(client, manager, order):
    client.post(f"{BULK}delete/?id={order.pk}&next={ORDERS}")

    assert Order.objects.filter(pk=order.pk).exists()
