"""An order once more: into the cart at today's prices, with a word about what is not as it was."""

from decimal import Decimal

import pytest

from payments.models import Bill
from shop.cart.services import get_pack_quantities, set_quantity
from shop.catalog.models import Berry, Pack
from shop.checkout.repeating import NewPrice, Shortfall, repeat_order
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.cart import leave_in_stock
from tests.factories.catalog import get_front_page
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Two lines of two packs."""
    get_front_page()
    return settle(make_order(lines=2), Bill.Status.PAID)


@pytest.fixture
def packs(order) -> list[Pack]:
    return [line.pack for line in order.lines.all()]


@pytest.fixture
def shopper(client, order):
    client.force_login(order.user)
    return client


def repeat(order: Order):
    return repeat_order(user=order.user, order=order)


def test_all_of_it_goes_into_the_cart(shopper, order, packs):
    response = shopper.post(f"/orders/{order.number}/repeat/")

    assert response["Location"] == "/cart/"
    assert get_pack_quantities(order.user) == {pack.pk: 2 for pack in packs}
    assert "alert--success" in shopper.get("/cart/").content.decode()


def test_a_second_click_adds_nothing(order, packs):
    repeat(order)
    report = repeat(order)

    assert (report.added, report.is_complete) == (0, True)
    assert get_pack_quantities(order.user) == {pack.pk: 2 for pack in packs}


def test_what_is_in_the_cart_counts_and_stays(order, packs):
    set_quantity(user=order.user, pack_id=packs[0].pk, quantity=1)
    set_quantity(user=order.user, pack_id=packs[1].pk, quantity=5)

    assert repeat(order).added == 1
    assert get_pack_quantities(order.user) == {packs[0].pk: 2, packs[1].pk: 5}


def test_what_can_not_be_had_is_named(order, packs):
    titles = [line.title for line in order.lines.all()]
    leave_in_stock(packs[0], 1)
    Berry.objects.filter(pk=packs[1].berry_id).update(is_active=False)

    report = repeat(order)

    assert (report.added, report.is_complete) == (1, False)
    assert report.short == [Shortfall(titles[0], 1, 2)]
    assert (report.gone, report.sold_out) == ([titles[1]], [])


def test_new_prices_are_told_and_taken(shopper, order, packs):
    Pack.objects.filter(pk=packs[0].pk).update(price=Decimal("420.00"))

    report = repeat(order)

    assert report.new_prices == [NewPrice(order.lines.all()[0].title, Decimal("390.00"), Decimal("420.00"))]
    page = shopper.post(f"/orders/{order.number}/repeat/", follow=True).content.decode()
    assert "420" in page


def test_nothing_left_leads_back_to_the_order_with_a_reason(shopper, order, packs):
    for pack in packs:
        leave_in_stock(pack, 0)

    response = shopper.post(f"/orders/{order.number}/repeat/")

    assert response["Location"] == f"/orders/{order.number}/"
    assert "alert--warning" in shopper.get(response["Location"]).content.decode()
    assert get_pack_quantities(order.user) == {}


def test_foreign_orders_are_not_found_and_guests_sign_in(client, order):
    path = f"/orders/{order.number}/repeat/"

    assert "/account/login/" in client.post(path)["Location"]
    client.force_login(UserFactory())
    for number in (order.number, "AB-XXXXXX", "%00", "9" * 300):
        assert client.post(f"/orders/{number}/repeat/").status_code in {400, 404}
    assert client.get(path).status_code in {404, 405}
    assert get_pack_quantities(order.user) == {}


@pytest.mark.parametrize("lines", [1, 3])
def test_the_cost_grows_with_what_is_added_alone(lines, django_assert_max_num_queries):
    order = Order.objects.prefetch_related("lines").get(pk=make_order(lines=lines).pk)
    repeat(order)

    with django_assert_max_num_queries(10):
        repeat(order)
