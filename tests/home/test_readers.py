"""Looks at pages and additions to carts are counted, and nothing about anybody."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from redis.exceptions import ConnectionError as RedisGone

from home.readers.counting import forget_old_counts, list_most_read, write_views
from home.readers.models import BerryAdds, PageViews
from shop.cart.services import NotEnough, add_to_cart
from tests.factories.accounts import UserFactory
from tests.factories.catalog import BerryFactory, PackFactory, make_offered_berry
from tests.factories.pages import StandardPageFactory

pytestmark = pytest.mark.django_db
PERSON = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1"}


def read_views():
    return list(PageViews.objects.order_by("page").values_list("page", "views"))


def test_looks_are_added_up_for_page_and_day(client):
    page, other = StandardPageFactory(), StandardPageFactory()
    for path in (page.url, page.url, other.url):
        client.get(path, headers=PERSON)
    assert write_views() == 2
    client.get(page.url, headers=PERSON)
    write_views()

    assert read_views() == [(page.pk, 3), (other.pk, 1)]


def test_a_signed_in_shopper_is_a_reader(client):
    page = StandardPageFactory()
    client.force_login(UserFactory())
    client.get(page.url, headers=PERSON)
    write_views()

    assert read_views() == [(page.pk, 1)]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; YandexBot/3.0)"},
        PERSON | {"Sec-Purpose": "prefetch"},
        PERSON | {"HX-Request": "true"},
    ],
)
def test_robots_and_guesses_of_the_browser_are_not_counted(client, headers):
    client.get(StandardPageFactory().url, headers=headers)
    write_views()

    assert read_views() == []


def test_colleagues_are_not_counted(client):
    page = StandardPageFactory()
    client.force_login(UserFactory(is_staff=True))
    client.get(page.url, headers=PERSON)
    write_views()

    assert read_views() == []


def test_a_page_that_is_gone_takes_its_number_along(client):
    page = StandardPageFactory()
    client.get(page.url, headers=PERSON)
    page.delete()
    write_views()

    assert read_views() == []


def test_a_look_while_redis_is_away_is_answered_all_the_same(client, monkeypatch):
    def refuse(_alias):
        raise RedisGone

    monkeypatch.setattr("home.readers.counting.get_redis_connection", refuse)

    assert client.get(StandardPageFactory().url, headers=PERSON).status_code == 200
    assert write_views() == 0


def test_counting_costs_no_query(client, django_assert_num_queries):
    page = make_offered_berry()
    for _visit in range(2):
        client.get(page.url)

    with CaptureQueriesContext(connection) as uncounted:
        client.get(page.url)
    with django_assert_num_queries(len(uncounted)):
        client.get(page.url, headers=PERSON)


def test_what_is_read_most_stands_first():
    today, (page, other) = timezone.localdate(), (StandardPageFactory(), StandardPageFactory())
    rows = [(page, 0, 5), (other, 1, 4), (other, 2, 3), (page, 9, 99)]
    PageViews.objects.bulk_create(
        PageViews(page=page, on=today - timedelta(days=days), views=views) for page, days, views in rows
    )

    most = list_most_read(today, days=7, most=5)

    assert [(page.pk, page.views) for page in most] == [(other.pk, 7), (page.pk, 5)]


def test_the_dashboard_shows_it_to_staff_alone(client, admin_client):
    page = make_offered_berry()
    PageViews.objects.create(page=page, on=timezone.localdate(), views=3)

    assertContains(admin_client.get("/admin/"), page.title)
    assertNotContains(client.get("/admin/", follow=True), page.title)


@pytest.fixture
def add(django_capture_on_commit_callbacks):
    def put(pack, **how):
        with django_capture_on_commit_callbacks(execute=True):
            add_to_cart(user=how.pop("user", None) or UserFactory(), pack_id=pack.pk, **how)

    return put


def read_adds():
    return list(BerryAdds.objects.values_list("berry", "on", "adds"))


def test_a_berry_is_counted_each_time_it_comes_into_a_cart(add):
    pack, user = PackFactory(stock=9), UserFactory()
    add(pack, user=user)
    add(pack, user=user, quantity=3)  # more of what is there
    add(pack)

    assert read_adds() == [(pack.berry_id, timezone.localdate(), 2)]


def test_a_cart_is_filled_where_counting_fails(add, monkeypatch, caplog):
    def fail(**kwargs):
        raise DatabaseError

    monkeypatch.setattr("home.readers.adding.count_add", fail)
    user = UserFactory()

    add(PackFactory(stock=9), user=user)

    assert user.cart.lines.count() == 1
    assert fail.__qualname__ in caplog.text  # logged by its name


def test_a_refused_addition_is_not_counted(add):
    with pytest.raises(NotEnough):
        add(PackFactory(stock=1), quantity=2)

    assert read_adds() == []


def test_a_year_later_it_is_forgotten():
    old = timezone.localdate() - timedelta(days=401)
    PageViews.objects.create(page=StandardPageFactory(), on=old, views=1)
    BerryAdds.objects.create(berry=BerryFactory(), on=old, adds=1)

    assert forget_old_counts() == 2
