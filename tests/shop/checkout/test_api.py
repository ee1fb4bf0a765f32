"""`POST /api/v1/cart/`: a program makes its cart an order."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Consent
from payments.models import Bill
from shop.cart.models import CartLine
from shop.catalog.models import Lot, Pack
from shop.delivery.models import DeliverySlot
from shop.orders.models import Order
from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.orders import ADDRESS, SlotFactory, ZoneFactory, make_order

pytestmark = pytest.mark.django_db
URL = "/api/v1/cart/"
GOOD = {"address": ADDRESS, "phone": "8 (999) 123-45-67", "consent": True}


@pytest.fixture
def user():
    ZoneFactory()
    SlotFactory()
    return UserFactory(phone="")


@pytest.fixture
def program(client, user):
    client.force_login(user)
    return client


def order(program, body="", **headers):
    options = {"headers": {"Accept-Language": "ru", **headers}}
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return program.post(URL, data, content_type="application/json", **options)


class TestPlacing:
    def test_answers_the_order(self, program, user, qiwi_emulator):
        line = put_in_cart(user, quantity=2)

        response = order(program, {**GOOD, "comment": "Позвоните"})

        placed = Order.objects.with_details().get(user=user)
        assert response.status_code == 201
        answer = response.json()
        assert answer["number"] == placed.number
        assert (answer["status"], answer["currency"]) == ("pending", "RUB")
        assert (answer["goods_total"], answer["delivery_price"], answer["total"]) == (
            "780.00",
            "250.00",
            "1030.00",
        )
        [item] = answer["items"]
        assert (item["berry"], item["pack"], item["quantity"]) == (line.pack.berry_id, line.pack_id, 2)
        assert (item["price"], item["total"], item["weight_g"]) == ("390.00", "780.00", 500)
        assert answer["user"] == {"name": user.name, "email": user.email, "phone": "+79991234567"}
        assert answer["bill"]["id"] == str(placed.bill_id)
        assert answer["bill"]["status"] == "waiting"
        assert answer["pay_url"] == answer["bill"]["pay_url"] == placed.bill.pay_url != ""
        assert answer["delivery"]["status"] == "waiting"
        assert answer["delivery"]["address"] == ADDRESS
        assert answer["delivery"]["comment"] == "Позвоните"

    def test_what_is_left_out_comes_from_the_profile_and_the_first_free_slot(self, program, user):
        AddressFactory(user=user)
        type(user).objects.filter(pk=user.pk).update(phone="+79997654321")
        DeliverySlot.objects.update(taken=20)
        free = SlotFactory()
        put_in_cart(user)

        response = order(program, {"consent": True})

        placed = Order.objects.get()
        assert response.status_code == 201
        assert (placed.delivery.street, placed.delivery.slot) == ("Ягодная улица", free)
        assert (placed.phone, placed.name) == ("+79997654321", user.name)

    def test_later_orders_need_nothing_at_all(self, program, user):
        make_order(user)
        put_in_cart(user)

        response = order(program)

        assert response.status_code == 201
        assert response.json()["delivery"]["address"] == ADDRESS

    def test_where_the_provider_is_away_the_order_is_there_without_a_pay_url(self, program, user):
        put_in_cart(user)

        answer = order(program, GOOD).json()

        assert (answer["status"], answer["bill"]["status"], answer["pay_url"]) == ("pending", "created", "")

    def test_reading_and_emptying_the_cart_share_the_address(self, program, user):
        put_in_cart(user)

        assert program.get(URL).status_code == 200
        assert program.delete(URL).status_code == 204
        assert order(program, GOOD).status_code == 409
        assert program.put(URL).status_code == 405

    def test_the_expected_total_makes_a_changed_price_a_seen_one(self, program, user):
        line = put_in_cart(user)
        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))

        response = order(program, {**GOOD, "expected_total": "670.00"})

        assert response.status_code == 201
        assert response.json()["total"] == "670.00"

    def test_is_described(self, client):
        paths = client.get("/api/v1/openapi.json").json()["paths"]

        assert set(paths["/api/v1/cart/"]) == {"get", "post", "delete"}


class TestRefusing:
    def refuse(self, program, body, status: int, code: str, **headers) -> dict:
        before = (
            list(Lot.objects.values_list("pk", "left")),
            list(DeliverySlot.objects.order_by("pk").values_list("pk", "taken")),
            list(CartLine.objects.values_list("pk", "quantity")),
            Order.objects.count(),
            Bill.objects.count(),
            Consent.objects.count(),
        )
        response = order(program, body, **headers)
        after = (
            list(Lot.objects.values_list("pk", "left")),
            list(DeliverySlot.objects.order_by("pk").values_list("pk", "taken")),
            list(CartLine.objects.values_list("pk", "quantity")),
            Order.objects.count(),
            Bill.objects.count(),
            Consent.objects.count(),
        )
        assert (response.status_code, response.json()["code"]) == (status, code), response.json()
        assert response.json()["detail"]
        assert after == before
        return response.json()

    def test_a_guest(self, client, user):
        self.refuse(client, GOOD, 401, "not_authenticated")

    def test_an_unconfirmed_address(self, client):
        client.force_login(UserFactory(verified=False))

        self.refuse(client, GOOD, 403, "email_not_verified")

    def test_a_session_without_its_token(self, user):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        put_in_cart(user)

        assert order(client, GOOD).status_code == 403
        assert not Order.objects.exists()

    def test_an_empty_cart(self, program):
        self.refuse(program, GOOD, 409, "cart_empty")

    @pytest.mark.parametrize("consent", [False, None])
    def test_no_consent(self, program, user, consent):
        put_in_cart(user)
        body = (
            {**GOOD, "consent": consent}
            if consent is not None
            else {"address": ADDRESS, "phone": GOOD["phone"]}
        )

        self.refuse(program, body, 422, "consent_required")

    def test_lines_with_problems_are_listed(self, program, user):
        short, dearer = put_in_cart(user, quantity=2), put_in_cart(user)
        leave_in_stock(short.pack, 1)
        Pack.objects.filter(pk=dearer.pack_id).update(price=Decimal("420.00"))

        answer = self.refuse(program, GOOD, 409, "cart_changed")

        assert [
            (p["pack"], p["code"], p["left"], p["old_price"], p["new_price"]) for p in answer["problems"]
        ] == [
            (short.pack_id, "only_left", 1, None, None),
            (dearer.pack_id, "price_changed", None, "390.00", "420.00"),
        ]

    def test_another_total(self, program, user):
        put_in_cart(user)

        self.refuse(program, {**GOOD, "expected_total": "1.00"}, 409, "total_changed")

    def test_no_place_left(self, program, user):
        DeliverySlot.objects.update(taken=20)
        put_in_cart(user)

        self.refuse(program, GOOD, 409, "slot_taken")
        self.refuse(program, {**GOOD, "slot": DeliverySlot.objects.get().pk}, 409, "slot_taken")

    def test_no_zone(self, program, user):
        put_in_cart(user)

        self.refuse(program, {**GOOD, "zone": 2**62}, 409, "zone_unknown")

    def test_nothing_to_fill_the_address_from(self, program, user):
        put_in_cart(user)

        answer = self.refuse(program, {"consent": True}, 422, "invalid")

        assert {item["field"] for item in answer["fields"]} == {"phone", "city", "street", "house"}

    @pytest.mark.parametrize(
        "change",
        [
            {"phone": "12"},
            {"phone": "\0"},
            {"phone": 17},
            {"phone": "9" * 5000},
            {"name": ""},
            {"name": "я" * 151},
            {"name": "a\0b"},
            {"name": "\ud800"},
            {"comment": "я" * 501},
            {"comment": {"a": 1}},
            {"address": "Москва"},
            {"address": {"city": "Москва"}},
            {"address": {**ADDRESS, "house": "\0"}},
            {"address": {**ADDRESS, "street": "я" * 151}},
            {"address": []},
            {"zone": 0},
            {"zone": "abc"},
            {"zone": 10**30},
            {"slot": -1},
            {"slot": 10**30},
            {"slot": 1.5},
            {"consent": "maybe"},
            {"expected_total": "NaN"},
            {"expected_total": "1e99"},
            {"expected_total": -1},
        ],
    )
    def test_bad_values(self, program, user, change):
        put_in_cart(user)

        self.refuse(program, {**GOOD, **change}, 422, "invalid")

    @pytest.mark.parametrize("body", ["{", '"text"', "[1]", "17", b"\xff\xfe", "{" * 5000])
    def test_bodies_that_are_no_object(self, program, user, body):
        put_in_cart(user)

        response = order(program, body)

        assert response.status_code in {400, 422}
        assert set(response.json()) >= {"code", "detail"}
        assert not Order.objects.exists()

    @pytest.mark.parametrize("key", ["", "a b", "я", "x" * 65])
    def test_a_key_that_is_none(self, program, user, key):
        put_in_cart(user)

        self.refuse(program, GOOD, 400, "idempotency_key_invalid", **{"Idempotency-Key": key})


class TestIdempotency:
    KEY = {"Idempotency-Key": "7c1b2f5e"}

    def test_the_same_key_gives_the_same_order(self, program, user):
        DeliverySlot.objects.update(capacity=1)
        SlotFactory()
        put_in_cart(user)

        answers = [order(program, GOOD, **self.KEY) for _time in range(3)]

        assert [answer.status_code for answer in answers] == [201] * 3
        assert {answer.json()["number"] for answer in answers} == {Order.objects.get().number}

    def test_another_body_is_a_conflict(self, program, user):
        put_in_cart(user)
        number = order(program, GOOD, **self.KEY).json()["number"]

        response = order(program, {**GOOD, "comment": "иначе"}, **self.KEY)

        assert (response.status_code, response.json()["code"]) == (409, "idempotency_conflict")
        assert response.json()["order"] == number
        assert Order.objects.count() == 1

    def test_another_cart_is_a_conflict(self, program, user):
        put_in_cart(user)
        order(program, GOOD, **self.KEY)
        put_in_cart(user)

        response = order(program, GOOD, **self.KEY)

        assert (response.status_code, response.json()["code"]) == (409, "idempotency_conflict")
        assert Order.objects.count() == 1

    def test_without_a_key_each_call_is_its_own(self, program, user):
        put_in_cart(user)
        first = order(program, GOOD).json()["number"]
        put_in_cart(user)

        assert order(program, GOOD).json()["number"] != first


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_calls_at_once_with_one_key_make_one_order():
    ZoneFactory()
    SlotFactory()
    user = UserFactory()
    put_in_cart(user)

    def call(_number):
        client = Client()
        client.force_login(user)
        try:
            return order(client, GOOD, **TestIdempotency.KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(call, range(10)))

    assert [answer.status_code for answer in answers] == [201] * 10
    assert {answer.json()["number"] for answer in answers} == {Order.objects.get().number}
    assert Bill.objects.count() == 1
