from decimal import Decimal

import pytest

from shop.catalog import marks
from tests.factories.accounts import UserFactory
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    PackFactory,
    make_offered_berry,
)

pytestmark = pytest.mark.django_db

BERRIES = "/api/v1/berries/"


@pytest.fixture
def raspberry(make_image):
    berry = BerryFactory(variety_ru="Полька", variety_en="Polka", categories=[CategoryFactory(code="garden")])
    page = BerryPageFactory(
        berry=berry, slug="malina", title="Малина Полька", lead="Сладкая.", picture=make_image()
    )
    BerryPageFactory(berry=berry, language="en", slug="raspberry", title="Polka raspberries", lead="Sweet.")
    PackFactory(berry=berry, weight_g=250, price=Decimal("390.00"), stock=3)
    PackFactory(berry=berry, weight_g=500, price=Decimal("700.00"), stock=2)
    return page


def test_a_berry_is_described_in_the_language_asked_for(client, raspberry):
    packs = list(raspberry.berry.packs.order_by("weight_g"))

    answer = client.get(f"{BERRIES}{raspberry.berry_id}/?lang=en").json()

    assert answer == {
        "id": raspberry.berry_id,
        "title": "Polka raspberries",
        "description": "Sweet.",
        "url": "http://testserver/en/catalog/raspberry/",
        "image": None,
        "category": "garden",
        "kind": "Raspberry",
        "variety": "Polka",
        "origin": "Tula Region",
        "in_season": True,
        "price": "390.00",
        "old_price": None,
        "currency": "RUB",
        "weight_g": 250,
        "price_per_kg": "1560.00",
        "quantity": 5,
        "packs": [
            {"id": packs[0].pk, "weight_g": 250, "price": "390.00", "old_price": None, "quantity": 3},
            {"id": packs[1].pk, "weight_g": 500, "price": "700.00", "old_price": None, "quantity": 2},
        ],
        "in_cart": False,
        "in_favorites": False,
    }


def test_the_list_answers_in_the_requests_language_with_absolute_addresses(client, raspberry):
    answer = client.get(BERRIES, headers={"Accept-Language": "ru"}).json()

    assert answer["count"] == 1
    item = answer["items"][0]
    assert item["title"] == "Малина Полька"
    assert item["url"] == "http://testserver/catalog/malina/"
    assert item["image"].startswith("http://testserver/media/")


def test_the_list_can_be_searched_filtered_and_sorted(client, raspberry):
    cheap = make_offered_berry(kind_ru="Клюква", kind_en="Cranberry", stock=0)
    cheap.berry.packs.update(price=Decimal("10.00"))
    dear = make_offered_berry(kind_ru="Морошка", kind_en="Cloudberry")
    dear.berry.packs.update(price=Decimal("900.00"))

    def list_ids(**query):
        response = client.get(BERRIES, {"lang": "ru", **query})
        assert response.status_code == 200, response.content
        return [item["id"] for item in response.json()["items"]]

    assert list_ids(q="МАЛИНА полька") == [raspberry.berry_id]
    assert list_ids(q="cranberry") == [cheap.berry_id]
    assert list_ids(q="малина клюква") == []
    assert list_ids(category="garden") == [raspberry.berry_id]
    assert list_ids(category="nothing") == []
    assert list_ids(in_stock="true", sort="price") == [raspberry.berry_id, dear.berry_id]
    assert list_ids(sort="price") == [raspberry.berry_id, dear.berry_id, cheap.berry_id]


def test_marks_are_those_of_who_asks(client, raspberry, monkeypatch):
    user = UserFactory()
    monkeypatch.setattr(marks, "_markers", {})
    marks.register_marker("in_cart", lambda asking: {raspberry.berry_id} if asking == user else set())
    marks.register_marker("in_favorites", lambda asking: set())

    guest = client.get(f"{BERRIES}{raspberry.berry_id}/").json()
    client.force_login(user)
    own = client.get(f"{BERRIES}{raspberry.berry_id}/").json()

    assert (guest["in_cart"], guest["in_favorites"]) == (False, False)
    assert (own["in_cart"], own["in_favorites"]) == (True, False)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?page=1000000000", 404, "not_found"),
        ("?page=" + "9" * 40, 404, "not_found"),
        ("?page=0", 422, "invalid"),
        ("?page=abc", 422, "invalid"),
        ("?lang=fr", 422, "invalid"),
        ("?sort=magic", 422, "invalid"),
        ("?in_stock=perhaps", 422, "invalid"),
        ("?q=" + "a" * 201, 422, "invalid"),
        ("?category=" + "a" * 51, 422, "invalid"),
    ],
)
def test_bad_questions_get_clear_answers(client, raspberry, query, status, code):
    response = client.get(BERRIES + query)

    assert response.status_code == status
    assert response.json()["code"] == code
    assert response.json()["detail"]


def test_nul_bytes_are_refused(client):
    response = client.get(BERRIES + "?q=%00")

    assert response.status_code == 400
    assert response.json()["code"] == "malformed"


@pytest.mark.parametrize("berry_id", ["0", "-1", "999999", "9" * 30])
def test_an_unknown_berry_is_not_found(client, raspberry, berry_id):
    response = client.get(f"{BERRIES}{berry_id}/")

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_a_berry_taken_off_sale_is_not_found(client, raspberry):
    raspberry.berry.is_active = False
    raspberry.berry.save()

    assert client.get(f"{BERRIES}{raspberry.berry_id}/").status_code == 404
    assert client.get(BERRIES).json() == {"count": 0, "items": []}


def test_the_schema_documents_the_answers(client):
    schema = client.get("/api/v1/openapi.json").json()

    operation = schema["paths"]["/api/v1/berries/"]["get"]
    reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert reference == "#/components/schemas/BerriesOut"
    berry = schema["components"]["schemas"]["BerryOfCatalogOut"]
    assert {"price_per_kg", "packs", "in_cart", "in_favorites"} <= berry["properties"].keys()
    assert {parameter["name"] for parameter in operation["parameters"]} == {
        "lang",
        "category",
        "q",
        "in_stock",
        "sort",
        "page",
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many_rows(client, make_image, rows, django_assert_max_num_queries):
    for _ in range(rows):
        page = make_offered_berry(categories=[CategoryFactory()])
        page.picture = make_image()
        page.save()
    client.get(BERRIES)

    with django_assert_max_num_queries(6):
        assert client.get(BERRIES).json()["count"] == rows
