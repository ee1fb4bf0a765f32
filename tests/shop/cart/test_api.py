import json
from decimal import Decimal

import pytest
from django.test import Client

from shop.cart.models import CartLine
from shop.cart.services import add_to_cart, get_pack_quantities
from shop.catalog.models import Pack
from tests.factories.accounts import UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.catalog import PackFactory, get_catalog_page

pytestmark = pytest.mark.django_db
CART = "/api/v1/cart/"


@pytest.fixture
def user():
    get_catalog_page("ru")
    return UserFactory()


@pytest.fixture
def api(client, user):
    client.force_login(user)
    return client


def send(client, method, path, body=None, **kwargs):
    if method == "get":
        return client.get(path)
    data = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
    return getattr(client, method)(path, data, content_type="application/json", **kwargs)


def test_the_cart_as_json(api, user):
    line = put_in_cart(user, quantity=2)
    berry = line.pack.berry

    response = api.get(CART)

    assert response.status_code == 200
    assert response.json() == {
        "items": [
            {
                "berry": {"id": berry.pk, "title": berry.full_name, "url": "", "image": None},
                "pack": {"id": line.pack_id, "weight_g": 500, "quantity": 10},
                "quantity": 2,
                "price": "390.00",
                "old_price": None,
                "total": "780.00",
                "problem": None,
            }
        ],
        "goods_total": "780.00",
        "discount": "0.00",
        "voucher": None,
        "total": "780.00",
        "currency": "RUB",
    }


def test_problems_are_told_by_code_and_in_words(api, user):
    short, dear = put_in_cart(user, quantity=5), put_in_cart(user)
    leave_in_stock(short.pack, 2)
    Pack.objects.filter(pk=dear.pack_id).update(price=Decimal(400))

    cart = api.get(CART).json()

    problems = [item["problem"] for item in cart["items"]]
    assert [(p["code"], p["left"], p["old_price"], p["new_price"]) for p in problems] == [
        ("only_left", 2, None, None),
        ("price_changed", None, "390.00", "400.00"),
    ]
    assert all(problem["detail"] for problem in problems)
    assert (cart["items"][0]["total"], cart["total"]) == ("0", "400.00")


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("delete", ""), ("post", "1/"), ("patch", "1/"), ("delete", "1/")],
)
def test_guests_and_the_unconfirmed_are_refused(client, user, method, path):
    response = send(client, method, CART + path, {"quantity": 1})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")

    client.force_login(UserFactory(verified=False))
    response = send(client, method, CART + path, {"quantity": 1})
    assert (response.status_code, response.json()["code"]) == (403, "email_not_verified")
    assert CartLine.objects.count() == 0


def test_a_browser_session_needs_the_csrf_token(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    pack = PackFactory(stock=5)

    response = send(client, "post", f"{CART}{pack.berry_id}/")

    assert response.status_code == 403
    assert get_pack_quantities(user) == {}


def test_adding_without_a_body_takes_one_default_pack(api, user):
    small = PackFactory(stock=5)
    PackFactory(berry=small.berry, weight_g=250, is_default=False, stock=5)

    response = send(api, "post", f"{CART}{small.berry_id}/")

    assert response.status_code == 201
    assert response.json()["items"][0]["pack"]["id"] == small.pk
    assert get_pack_quantities(user) == {small.pk: 1}


def test_adding_a_named_pack(api, user):
    small = PackFactory(stock=5)
    box = PackFactory(berry=small.berry, weight_g=1000, stock=5)

    response = send(api, "post", f"{CART}{small.berry_id}/", {"pack": box.pk, "quantity": 3})

    assert response.status_code == 201
    assert get_pack_quantities(user) == {box.pk: 3}


def test_setting_and_removing(api, user):
    line = put_in_cart(user, quantity=2)
    path = f"{CART}{line.pack.berry_id}/"

    response = send(api, "patch", path, {"quantity": 5})
    assert (response.status_code, response.json()["items"][0]["quantity"]) == (200, 5)

    assert api.delete(path).status_code == 204
    assert get_pack_quantities(user) == {}
    assert api.delete(path).status_code == 404


def test_clearing(api, user):
    put_in_cart(user)
    other = put_in_cart(UserFactory())

    assert api.delete(CART).status_code == 204
    assert list(CartLine.objects.all()) == [other]


def test_which_of_two_packs_has_to_be_said(api, user):
    line = put_in_cart(user)
    box = PackFactory(berry=line.pack.berry, weight_g=1000, stock=5)
    add_to_cart(user=user, pack_id=box.pk)
    path = f"{CART}{line.pack.berry_id}/"

    response = send(api, "patch", path, {"quantity": 2})
    assert (response.status_code, response.json()["code"]) == (422, "pack_required")

    assert send(api, "patch", path, {"quantity": 2, "pack": box.pk}).status_code == 200
    assert get_pack_quantities(user) == {line.pack_id: 1, box.pk: 2}


@pytest.mark.parametrize("method", ["post", "patch"])
def test_more_than_there_is_changes_nothing(api, user, method):
    line = put_in_cart(user, quantity=2, stock=3)

    response = send(api, method, f"{CART}{line.pack.berry_id}/", {"quantity": 4})

    assert response.status_code == 409
    assert response.json()["code"] == "not_enough"
    assert response.json()["left"] == 3
    assert get_pack_quantities(user) == {line.pack_id: 2}


BAD_BODIES = [
    {"quantity": 0},
    {"quantity": -1},
    {"quantity": 10**9},
    {"quantity": 10**40},
    {"quantity": "abc"},
    {"quantity": "1\0"},
    {"quantity": 1.5},
    {"quantity": None},
    {"quantity": [1]},
    {"quantity": 1, "pack": 0},
    {"quantity": 1, "pack": "abc"},
    {"quantity": 1, "pack": 10**30},
    [],
    "1",
]


@pytest.mark.parametrize("method", ["post", "patch"])
@pytest.mark.parametrize("body", BAD_BODIES, ids=str)
def test_senseless_bodies_are_refused(api, user, method, body):
    line = put_in_cart(user, quantity=2)

    response = send(api, method, f"{CART}{line.pack.berry_id}/", body)

    assert response.status_code == 422
    assert response.json()["code"] == "invalid"
    assert get_pack_quantities(user) == {line.pack_id: 2}


@pytest.mark.parametrize("body", ["{", "\0", b"\xff\xfe", '{"quantity": 1'])
def test_malformed_json_is_refused(api, user, body):
    line = put_in_cart(user, quantity=2)

    response = send(api, "post", f"{CART}{line.pack.berry_id}/", body)

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert get_pack_quantities(user) == {line.pack_id: 2}


def test_a_body_too_large_is_refused(api, user):
    line = put_in_cart(user)

    response = send(api, "post", f"{CART}{line.pack.berry_id}/", json.dumps({"x": "y" * 2_000_000}))

    assert 400 <= response.status_code < 500
    assert get_pack_quantities(user) == {line.pack_id: 1}


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
@pytest.mark.parametrize(
    ("berry", "status"), [(10**9, 404), (10**30, 404), (0, 404), (-1, 404), ("abc", 422)]
)
def test_unknown_berries(api, user, method, berry, status):
    put_in_cart(user)

    response = send(api, method, f"{CART}{berry}/", {"quantity": 1})

    assert response.status_code == status
    assert response.json()["code"] in {"not_found", "invalid"}
    assert CartLine.objects.count() == 1


def test_packs_that_are_unknown_foreign_or_not_sold_are_not_found(api, user):
    pack, foreign = PackFactory(stock=5), PackFactory(stock=5)
    inactive = PackFactory(berry=pack.berry, weight_g=1000, is_active=False, stock=5)

    for pack_id in (10**9, foreign.pk, inactive.pk):
        response = send(api, "post", f"{CART}{pack.berry_id}/", {"pack": pack_id})
        assert response.status_code == 404

    assert get_pack_quantities(user) == {}


def test_setting_what_is_not_in_the_cart_is_not_found(api, user):
    pack = PackFactory(stock=5)

    assert send(api, "patch", f"{CART}{pack.berry_id}/", {"quantity": 1}).status_code == 404
    assert get_pack_quantities(user) == {}


def test_placing_an_order_answers_on_the_same_address(api):
    assert send(api, "post", CART, {}).status_code != 405


@pytest.mark.parametrize("lines", [1, 3])
def test_the_cart_costs_the_same_whatever_is_in_it(api, user, lines, django_assert_max_num_queries):
    for _ in range(lines):
        put_in_cart(user)

    with django_assert_max_num_queries(10):
        assert api.get(CART).status_code == 200
