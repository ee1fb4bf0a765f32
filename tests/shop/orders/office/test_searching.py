"""Staff find an order by what people say on the phone."""

import pytest
from django.db import connection

from shop.orders.models import Order
from shop.orders.office.searching import search_orders
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Order:
    order = make_order(UserFactory(email="Anna.Berry@example.org"), wanted=want(phone="+79161234567"))
    Order.objects.filter(pk=order.pk).update(number="AB-7K3F9Q")
    return order


@pytest.fixture
def boris(anna) -> Order:
    user = UserFactory(email="boris@example.org")
    order = make_order(user, wanted=want(name="Борис Лесной", phone="+79037654321"))
    Order.objects.filter(pk=order.pk).update(number="AB-2M4N6P")
    return order


NAMED = (
    *("AB-7K3F9Q", "ab-7k3f9q", "7k3f9q", "7K3", "АВ-7K3F9Q", "АВ7K3F9Q"),
    *("+79161234567", "8 (916) 123-45-67", "89161234567", "9161234567", "123-45-67", "4567"),
    *("anna.berry@example.org", "Anna.Berry@", "anna.be"),
    *("Анна Ягодкина", "ягодкина", "Ягодкина Анна", " анна\0 ", "ягод", "ан, ягодк!", "Ягодкин' & (Анна"),
)
SENSELESS = ("000", "0000", "+7 916", "((((", "%", "_", "@", "' OR 1=1", "9" * 400, "я" * 3000, "AB-ZZZZZZ")


def find(text: str) -> set[int]:
    return set(search_orders(Order.objects.all(), text).values_list("pk", flat=True))


def test_each_way_to_name_an_order_finds_that_one(anna, boris):
    assert {text: find(text) for text in NAMED} == {text: {anna.pk} for text in NAMED}


def test_what_means_no_order_finds_none(anna, boris):
    assert {text: find(text) for text in SENSELESS} == {text: set() for text in SENSELESS}


def test_nothing_to_search_means_all(anna, boris):
    assert [find(text) for text in ("", "  ", "\0")] == [{anna.pk, boris.pk}] * 3


@pytest.mark.parametrize("text", ["Семёнов", "семенов", "Пётр Семен", "римский", "Римский-Корсаков"])
def test_a_name_is_found_with_dots_over_its_letters_or_without_them_and_by_either_half(anna, text):
    order = make_order(UserFactory(), wanted=want(name="Пётр Семенов"))
    Order.objects.filter(pk=order.pk).update(name="Петр Семёнов Римский-Корсаков")

    assert find(text) == {order.pk}


def test_names_are_found_by_their_index(anna):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = search_orders(Order.objects.order_by(), "ягодкина")

    assert "order_name_words" in found.explain()
