"""The admin's front page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.roles import EDITORS, MANAGERS, MODERATORS, PACKERS
from home.dashboard import figures
from home.dashboard.charts import HEIGHT, draw_chart
from home.readers.models import BerryAdds, PageViews
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.catalog import (
    BerryPageFactory,
    LotFactory,
    PackFactory,
    get_catalog_page,
    make_offered_berry,
)
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("en")


def open_dashboard(client, group):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client.get("/admin/")


def pay(order, days_ago=0):
    paid_at = timezone.now() - timedelta(days=days_ago)
    Order.objects.filter(pk=order.pk).update(status="paid", paid_at=paid_at)
    return order


@pytest.mark.parametrize(
    ("group", "seen"),
    [
        (EDITORS, {"untranslated"}),
        (MODERATORS, {"untranslated"}),
        (MANAGERS, {"today", "sales", "stock"}),
        (PACKERS, set()),
    ],
)
def test_everybody_sees_their_own_panels(client, group, seen):
    text = open_dashboard(client, group).content.decode()

    panels = {"today", "sales", "stock", "untranslated"}
    assert {name for name in panels if f'id="{name}' in text} == seen


def test_sales_are_what_was_paid_day_by_day():
    today = timezone.localdate()
    order = pay(make_order())
    pay(make_order(), days_ago=3)
    pay(make_order(), days_ago=40)
    make_order()

    sales = figures.list_sales(today)

    assert len(sales) == 30
    assert {day.day: day.total for day in sales if day.orders} == {
        today: order.total,
        today - timedelta(days=3): order.total,
    }


def test_the_best_day_fills_the_drawing_and_an_empty_one_is_still_seen():
    days = [figures.DayOfSales(timezone.localdate(), 1, Decimal(sum_)) for sum_ in (0, 500, 1000)]

    bars = draw_chart(days).bars

    assert [bar.height for bar in bars] == [1, HEIGHT / 2, HEIGHT]
    assert all(bar.y + bar.height == HEIGHT for bar in bars)
    assert draw_chart([]).bars == []


def test_the_chart_has_its_table_and_no_style(client):
    pay(make_order())

    text = open_dashboard(client, MANAGERS).content.decode()

    chart = text[
        text.index('<svg class="sales__chart"') : text.index("</figure>", text.index("sales__chart"))
    ]
    assert chart.count("<rect") == 30
    assert "style=" not in chart
    assert "," not in "".join(part.split('"')[1] for part in chart.split(" x=")[1:])


def test_tells_how_far_people_went_with_each_berry(client):
    today, (page, other) = timezone.localdate(), (make_offered_berry(), make_offered_berry())
    english = BerryPageFactory(berry=page.berry, language="en")
    for shown, views, days_ago in ((page, 5, 0), (english, 2, 6), (page, 99, 7), (other, 1, 0)):
        on = today - timedelta(days=days_ago)
        PageViews.objects.create(page=shown, on=on, views=views)
    BerryAdds.objects.create(berry=page.berry, on=today, adds=3)
    BerryAdds.objects.create(berry=page.berry, on=today - timedelta(days=7), adds=99)
    order = pay(make_order())
    make_order()

    rows = figures.list_berry_interest(today, days=7)

    assert [(row.berry, row.views, row.adds, row.orders) for row in rows] == [
        (page.berry, 7, 3, 0),
        (other.berry, 1, 0, 0),
        (order.lines.get().pack.berry, 0, 0, 1),
    ]
    assertContains(open_dashboard(client, MANAGERS), 'id="interest')


def test_tells_what_runs_out_and_what_runs_off():
    today = timezone.localdate()
    scarce, plenty = PackFactory(stock=2), PackFactory(stock=50)
    ending = LotFactory(pack=plenty, best_before=today + timedelta(days=1))

    assert figures.list_low_packs(today, most=5) == [scarce]
    assert figures.list_ending_lots(today, days=2) == [ending]


def test_tells_which_pages_have_no_translation():
    missing = BerryPageFactory()
    there = BerryPageFactory()
    BerryPageFactory(berry=there.berry, language="en")

    found = figures.find_untranslated()

    assert ([page.pk for page in found.pages], found.count) == ([missing.pk], 1)


def test_a_panel_that_fails_leaves_the_others_alone(client, monkeypatch):
    def fail():
        raise DatabaseError

    monkeypatch.setattr(figures, "get_today", fail)

    response = open_dashboard(client, MANAGERS)

    assertContains(response, 'id="sales')
    assertNotContains(response, 'id="today')


def test_costs_the_same_however_much_there_is(client):
    def count():
        pay(make_order())
        make_offered_berry(stock=1)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        return len(queries)

    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    client.get("/admin/")

    assert count() == count()
