"""A promo code on the cart page, in the checkout and in the API: typed, told of, taken off."""

import json
import re
from decimal import Decimal

import pytest

from shop.cart.models import Cart
from shop.cart.vouchers import MOST_TRIES
from shop.delivery.models import DeliverySlot, DeliveryZone
from shop.orders.models import Order
from shop.vouchers.models import Voucher
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.orders import SlotFactory, ZoneFactory
from tests.factories.vouchers import VoucherFactory, give_voucher

pytestmark = pytest.mark.django_db
CART, CODE, CHECKOUT = "/cart/", "/cart/voucher/", "/checkout/"
API = "/api/v1/cart/voucher/"
HTMX = {"HX-Request": "true", "HX-Target": "cart"}


@pytest.fixture
def user():
    user = UserFactory()
    put_in_cart(user, quantity=2)
    return user


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def get_voucher(user) -> Voucher | None:
    return Cart.objects.get(user=user).voucher


def fill(page: str, **changes: object) -> dict[str, object]:
    """The checkout's form as a browser would send it back."""
    fields = dict(re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', page, re.DOTALL))
    address = {"city": "Москва", "street": "Тверская", "house": "7", "name": "Анна", "phone": "+79991234567"}
    return fields | address | {"offer": "on", "personal_data": "on", "voucher": ""} | changes


class TestCart:
    def test_a_code_is_applied_and_shown_as_a_line_of_the_sum(self, shopper, user):
        VoucherFactory(code="YAGODA10")

        response = shopper.post(CODE, {"voucher": "yаgоdа 10"}, follow=True)

        assert response.redirect_chain == [(CART, 302)]
        html = response.content.decode()
        assert "YAGODA10" in html
        assert "−78" in html
        assert "702" in html
        assert get_voucher(user).code == "YAGODA10"

    def test_htmx_gets_the_cart_itself(self, shopper):
        VoucherFactory(code="YAGODA10")

        html = shopper.post(CODE, {"voucher": "YAGODA10"}, headers=HTMX).content.decode()

        assert html.lstrip().startswith("<any-cart")
        assert "−78" in html

    @pytest.mark.parametrize("headers", [{}, HTMX])
    @pytest.mark.parametrize(
        ("language", "words"), [("ru", "такого промокода"), ("en", "no such promo code")]
    )
    def test_a_refusal_stands_beside_the_field_with_what_was_typed(
        self, shopper, user, headers, language, words
    ):
        prefix = "/en" if language == "en" else ""

        response = shopper.post(prefix + CODE, {"voucher": "<b>WRONG"}, headers=headers)

        html = response.content.decode()
        assert response.status_code == 409
        assert words in html
        assert 'value="&lt;b&gt;WRONG"' in html
        assert get_voucher(user) is None

    def test_an_empty_code_takes_it_off(self, shopper, user):
        give_voucher(user, VoucherFactory())

        shopper.post(CODE, {"voucher": ""})

        assert get_voucher(user) is None

    @pytest.mark.parametrize("code", ["\0", "x" * 101, "🍓"])
    def test_nonsense_is_refused(self, shopper, user, code):
        assert shopper.post(CODE, {"voucher": code}).status_code in {409, 422}
        assert get_voucher(user) is None

    def test_too_many_tries_are_429_with_the_time_to_come_back(self, shopper, user):
        VoucherFactory(code="REAL")
        for _try in range(MOST_TRIES):
            assert shopper.post(CODE, {"voucher": "GUESS"}).status_code == 409

        response = shopper.post(CODE, {"voucher": "REAL"}, headers={"X-Forwarded-For": "203.0.113.9"})

        assert (response.status_code, response["Retry-After"]) == (429, "600")
        assert get_voucher(user) is None

    def test_the_cart_page_with_a_voucher_costs_no_more_queries(
        self, shopper, user, django_assert_max_num_queries
    ):
        give_voucher(user, VoucherFactory(first_order_only=True, max_uses=5, max_uses_each=1))
        shopper.get(CART)

        with django_assert_max_num_queries(12):
            shopper.get(CART)


class TestCheckout:
    @pytest.fixture(autouse=True)
    def delivery(self):
        return ZoneFactory(), SlotFactory()

    def test_a_code_typed_there_is_applied_and_everything_else_is_kept(self, shopper, user):
        VoucherFactory(code="YAGODA10")
        page = shopper.get(CHECKOUT).content.decode()

        response = shopper.post(CHECKOUT, fill(page, voucher="yagoda10", update="voucher", house="42"))

        html = response.content.decode()
        assert response.status_code == 200
        assert 'value="42"' in html
        assert 'name="expected_total" value="952.00"' in html
        assert Order.objects.count() == 0

    def test_who_presses_the_large_button_with_a_new_code_sees_the_new_total_first(self, shopper, user):
        VoucherFactory(code="YAGODA10")
        page = shopper.get(CHECKOUT).content.decode()

        response = shopper.post(CHECKOUT, fill(page, voucher="YAGODA10"))
        assert (response.status_code, Order.objects.count()) == (200, 0)
        shopper.post(
            CHECKOUT,
            fill(
                response.content.decode(),
                slot=DeliverySlot.objects.get().pk,
                zone=DeliveryZone.objects.get().pk,
            ),
        )

        order = Order.objects.get()
        assert (order.discount, order.total) == (Decimal(78), Decimal(952))

    def test_a_refusal_keeps_the_page(self, shopper, user):
        page = shopper.get(CHECKOUT).content.decode()

        response = shopper.post(CHECKOUT, fill(page, voucher="WRONG", house="42"))

        assert response.status_code == 409
        assert 'value="42"' in response.content.decode()
        assert (get_voucher(user), Order.objects.count()) == (None, 0)

    def test_it_is_taken_off_there(self, shopper, user):
        give_voucher(user, VoucherFactory())
        page = shopper.get(CHECKOUT).content.decode()

        html = shopper.post(CHECKOUT, fill(page, voucher_off="")).content.decode()

        assert 'name="expected_total" value="1030.00"' in html
        assert get_voucher(user) is None

    def test_the_page_with_a_voucher_costs_no_more_queries(
        self, shopper, user, django_assert_max_num_queries
    ):
        give_voucher(user, VoucherFactory(first_order_only=True, max_uses=5, max_uses_each=1))
        shopper.get(CHECKOUT)

        with django_assert_max_num_queries(15):
            shopper.get(CHECKOUT)


class TestApi:
    def put(self, client, code: object):
        return client.put(API, json.dumps({"code": code}), content_type="application/json")

    def test_a_code_is_put_on_the_cart_and_taken_off(self, shopper, user):
        VoucherFactory(code="YAGODA10")

        cart = self.put(shopper, "yagoda 10").json()

        assert (cart["goods_total"], cart["discount"], cart["total"]) == ("780.00", "78.00", "702.00")
        assert cart["voucher"]["code"] == "YAGODA10"
        assert shopper.delete(API).status_code == 204
        assert get_voucher(user) is None

    @pytest.mark.parametrize(("code", "status"), [("NO", 409), ("", 422), ("\0", 422), (7, 422), (None, 422)])
    def test_anything_else_is_refused_in_words(self, shopper, user, code, status):
        response = self.put(shopper, code)

        assert response.status_code == status
        assert response.json()["detail"]
        assert get_voucher(user) is None

    def test_too_many_tries_are_429(self, shopper):
        for _try in range(MOST_TRIES):
            self.put(shopper, "GUESS")

        response = self.put(shopper, "GUESS")

        assert (response.status_code, response.json()["retry_after"]) == (429, 600)

    def test_a_guest_has_no_cart(self, client):
        assert (self.put(client, "X").status_code, client.delete(API).status_code) == (401, 401)

    def test_an_order_tells_what_was_taken_off(self, shopper, user):
        give_voucher(user, VoucherFactory(code="YAGODA10"))
        ZoneFactory(), SlotFactory()
        address = {"city": "Москва", "street": "Тверская", "house": "7"}
        body = {"address": address, "phone": "+79991234567", "name": "Анна", "consent": True}

        order = shopper.post("/api/v1/cart/", json.dumps(body), content_type="application/json").json()

        assert (order["goods_total"], order["discount"], order["total"]) == ("780.00", "78.00", "952.00")
        assert [(a["kind"], a["code"], a["amount"]) for a in order["adjustments"]] == [
            ("voucher", "YAGODA10", "78.00")
        ]
        assert (order["items"][0]["discount"], order["items"][0]["total"]) == ("78.00", "702.00")
