"""The admin's list of orders: what it shows, filters and gives away as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from openpyxl import load_workbook

from payments.models import Bill
from shop.delivery.models import DeliverySlot
from shop.orders.models import Mismatch, Order
from shop.orders.office.listing import EXPORT
from tests.factories.accounts import UserFactory
from tests.factories.orders import SlotFactory, ZoneFactory, make_order, settle, want
from tests.shop.orders.office.conftest import ORDERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(order) -> Order:
    """An unpaid order of another zone, another slot and another person."""
    day_later = order.delivery.slot.starts_at + timedelta(days=3)
    slot = SlotFactory(starts_at=day_later)
    return make_order(wanted=want(name="=1+1", zone=ZoneFactory(name_ru="Область"), slot=slot))


def read_numbers(client, **query: object) -> set[str]:
    text = client.get(ORDERS, query).content.decode()
    return {number for number in Order.objects.values_list("number", flat=True) if number in text}


def read_csv(client, **query: str) -> list[dict[str, str]]:
    response = client.get(ORDERS, query | {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def head(name: str) -> str:
    """The heading of a column in the file."""
    return str(EXPORT[name][0])


def test_a_row_shows_what_matters(client, manager, order):
    text = client.get(ORDERS).content.decode()

    phone, total = "+7 999 123-45-67", "1 030 ₽"
    for expected in (
        order.number,
        order.name,
        order.email,
        phone,
        total,
        order.delivery.slot,
        order.delivery.zone,
    ):
        assert str(expected).replace("\N{NO-BREAK SPACE}", " ") in text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "query",
    [
        lambda order: {"status": "paid"},
        lambda order: {"delivery": "packing"},
        lambda order: {"day": timezone.localdate(order.delivery.slot.starts_at).isoformat()},
        lambda order: {"slot": order.delivery.slot_id},
        lambda order: {"zone": order.delivery.zone_id},
        lambda order: {"money": "paid"},
        lambda order: {"q": order.number},
    ],
)
def test_a_filter_leaves_what_it_says(client, manager, order, other, query):
    assert read_numbers(client, **query(order)) == {order.number}


def test_money_that_waits_is_found(client, manager, order, other):
    Mismatch.objects.create(kind="paid_late", subject="x", order=order)
    Order.objects.filter(pk=order.pk).update(needs_refund=True)

    assert read_numbers(client, money="unpaid") == {other.number}
    assert read_numbers(client, money="due") == {order.number}
    assert read_numbers(client, money="mismatch") == {order.number}
    assert read_numbers(client, money="refunded") == set()


@pytest.mark.parametrize("value", ["\0", "9" * 30, "x'--", "-1", "0001-01-01", "9999-12-31"])
def test_hostile_filters_break_nothing(client, manager, order, value):
    for name in (
        "status",
        "delivery",
        "day",
        "slot",
        "zone",
        "money",
        "placed_at_from",
        "placed_at_to",
        "p",
        "ordering",
        "q",
    ):
        assert client.get(ORDERS, {name: value}).status_code in {200, 400}


def test_the_list_asks_the_same_few_questions_however_long_it_is(
    client, manager, order, django_assert_max_num_queries, django_assert_num_queries
):
    client.get(ORDERS)
    with django_assert_max_num_queries(15) as first:
        client.get(ORDERS)
    slot, zone = order.delivery.slot, order.delivery.zone
    DeliverySlot.objects.update(capacity=100)
    for _number in range(6):
        settle(make_order(wanted=want(slot=slot, zone=zone)), Bill.Status.PAID)

    with django_assert_num_queries(len(first)):
        client.get(ORDERS)


def test_the_file_holds_what_the_filters_show(client, manager, order, other):
    rows = read_csv(client, status="paid")

    assert [row[head("number")] for row in rows] == [order.number]
    assert rows[0][head("total")] == "1030.00"


def test_nothing_in_the_file_is_computed_and_phones_are_text(client, manager, other):
    row = read_csv(client)[0]
    book = load_workbook(io.BytesIO(client.get(ORDERS, {"export": "xlsx"}).getvalue()))
    headings, cells, *_others = book.active.iter_rows()
    by_heading = {heading.value: cell for heading, cell in zip(headings, cells, strict=True)}

    assert row[head("recipient")] == "'=1+1"
    assert row[head("phone")] == "'+7 999 123-45-67"
    assert (by_heading[head("recipient")].value, by_heading[head("recipient")].data_type) == ("=1+1", "s")
    assert by_heading[head("phone")].value == "+7 999 123-45-67"
    assert by_heading[head("placed_at")].value == timezone.localtime(other.placed_at).replace(
        tzinfo=None, microsecond=0
    )


def test_a_workbook_that_would_be_too_large_is_refused_with_advice(
    client, manager, order, other, monkeypatch
):
    monkeypatch.setattr("shop.orders.office.listing.OrderIndexView.most_rows", 1)

    response = client.get(ORDERS, {"export": "xlsx"}, follow=True)

    assert "CSV" in response.content.decode()
    assert response.redirect_chain == [(f"{ORDERS}?", 302)]


def test_who_may_only_look_takes_no_file_away(client, order):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_order"]))
    client.force_login(user)

    assert client.get(ORDERS).status_code == 200
    response = client.get(ORDERS, {"export": "csv"})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
