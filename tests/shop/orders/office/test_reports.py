"""The manager's reports: what was sold, what came and went, what nobody paid."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.models import Bill
from shop.catalog.models import Lot, StockMovement
from shop.catalog.services import write_off
from shop.orders.canceling import cancel_paid_order
from shop.orders.models import Order, OrderLine
from shop.orders.office.amending import take_off_packs, tell_version
from shop.orders.office.figures import sum_up_movements, sum_up_sales
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db
REPORTS = ["sales", "movement", "unpaid"]


def test_sales_add_up_what_was_paid_and_kept(order):
    make_order()
    line = order.lines.get()
    take_off_packs(
        order_id=order.pk,
        packs={line.pk: 1},
        by=UserFactory(),
        seen=tell_version(order),
        key="x",
        reference="п/п 17",
    )

    sales = sum_up_sales(OrderLine.objects.all())

    assert len(sales) == 1
    sold = sales[0]
    assert (sold.orders, sold.packs, sold.revenue, sold.share) == (1, 1, Decimal("390.00"), Decimal(100))
    assert sold.kilograms == Decimal(line.weight_g) / 1000


def test_an_order_that_was_called_off_is_not_sold_though_its_money_is_still_here(order):
    cancel_paid_order(order=order, by=order.user)

    assert Order.objects.get(pk=order.pk).status == "paid"
    assert sum_up_sales(OrderLine.objects.all()) == []


def test_movements_tell_what_was_written_off_and_what_it_costs_today(order):
    lot = Lot.objects.select_related("pack").get(pk=order.lines.get().lots[0][0])
    write_off(lot=lot, quantity=3, reason="плесень", by=None)

    moved = next(row for row in sum_up_movements(StockMovement.objects.all()) if row.pack == str(lot.pack))

    assert (moved.received, moved.sold, moved.returned, moved.written_off) == (lot.received, 2, 0, 3)
    assert moved.written_off_price == 3 * lot.pack.price


def test_unpaid_orders_are_those_that_ended_or_wait_for_long(client, manager, order):
    expired, fresh, old = settle(make_order(), Bill.Status.EXPIRED), make_order(), make_order()
    Order.objects.filter(pk=old.pk).update(placed_at=timezone.now() - timedelta(hours=2))

    text = client.get(reverse("shop_unpaid_report")).content.decode()

    assert expired.number in text
    assert old.number in text
    assert fresh.number not in text
    assert order.number not in text


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_of_a_period_and_the_last_thirty_days_unless_another_is_chosen(
    client, manager, order, name
):
    url = reverse(f"shop_{name}_report")
    long_ago = {"period_from": "2020-01-01", "period_to": "2020-02-01"}

    assert client.get(url).context["items_count"] == (0 if name == "unpaid" else 1)
    assert client.get(url, long_ago).context["items_count"] == 0


@pytest.mark.parametrize("name", REPORTS)
def test_hostile_filters_break_no_report(client, manager, order, name):
    for query in (
        {"period_from": "x"},
        {"period_from": "0001-01-01"},
        {"period_to": "9999-12-31"},
        {"ordering": "x'--"},
        {"p": "9" * 30},
        {"ordering": "-packs"},
    ):
        assert client.get(reverse(f"shop_{name}_report"), query).status_code == 200


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_can_be_taken_away(client, manager, order, name):
    settle(make_order(), Bill.Status.EXPIRED)

    response = client.get(reverse(f"shop_{name}_report"), {"export": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))

    assert len(rows) >= 2
    assert len(rows[0]) == len(rows[1])
    assert client.get(reverse(f"shop_{name}_report"), {"export": "xlsx"}).status_code == 200


@pytest.mark.parametrize("role", ["editor", "packer"])
def test_reports_are_the_managers_alone(client, request, order, role):
    request.getfixturevalue(role)

    for name in REPORTS:
        for address in (f"shop_{name}_report", f"shop_{name}_report_results"):
            assert client.get(reverse(address), {"export": "csv"}).status_code in {302, 403}
