"""A prepared query answers as the query that it was made of, whoever asks and for whatever."""

from functools import partial

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from accounts.models import Address, User
from core.prepared import Prepared
from tests.at_once import run_at_once
from tests.factories.accounts import AddressFactory, UserFactory

pytestmark = pytest.mark.django_db


def find_addresses(user_id, city):
    addresses = Address.objects.filter(user_id=user_id, city=city).select_related("user")
    return addresses.annotate(mark=Value("here")).order_by("pk")


@pytest.fixture
def prepared():
    return Prepared(find_addresses, -1, "?")


def test_rows_are_whole_objects_with_what_belongs_to_them(prepared, django_assert_num_queries):
    address = AddressFactory(city="Коломна")
    AddressFactory(user=address.user, city="Тула", is_default=False)

    with django_assert_num_queries(1):
        [found] = prepared.fetch(address.user_id, "Коломна")
        assert (found, found.user, found.mark) == (address, address.user, "here")


def test_each_asks_for_something_else(prepared):
    first, second = AddressFactory(), AddressFactory()

    assert prepared.fetch(first.user_id, first.city) == [first]
    assert prepared.fetch(second.user_id, second.city) == [second]
    assert prepared.fetch(first.user_id, "' OR 1 = 1 --") == []


def test_the_first_row_or_none():
    prepared = Prepared(lambda email: User.objects.filter(email=email).values_list("name", flat=True), "?")
    UserFactory(email="olga@shop.test", name="Ольга")

    assert prepared.fetch_first("olga@shop.test") == "Ольга"
    assert prepared.fetch_first("nobody@shop.test") is None


def test_it_is_written_once(prepared, monkeypatch):
    address = AddressFactory()
    prepared.fetch(address.user_id, address.city)
    monkeypatch.setattr(SQLCompiler, "as_sql", None)

    assert prepared.fetch(address.user_id, address.city) == [address]


def test_it_is_planned_once(prepared):
    address = AddressFactory()
    for _ in range(3):
        prepared.fetch(address.user_id, address.city)

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        planned = [times for statement, times in cursor.fetchall() if "accounts_address" in statement]
    assert planned == [3]


def test_other_statements_are_not_kept(db):
    for _ in range(10):
        list(User.objects.filter(is_staff=True))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%is_staff%'")
        assert cursor.fetchone() == (0,)


def test_who_looks_sees_what_was_asked(prepared):
    with CaptureQueriesContext(connection) as queries:
        prepared.fetch(7, "Коломна")

    assert '"user_id" = 7' in queries[0]["sql"]
    assert "'Коломна'" in queries[0]["sql"]


@pytest.mark.parametrize("blanks", [(-1, -1), (1, "?")])
def test_blanks_that_cannot_be_told_apart_are_refused(blanks):
    prepared = Prepared(lambda *_values: User.objects.filter(pk=-1, phone="-1", is_staff=1), *blanks)

    with pytest.raises(ValueError, match="not each"):
        prepared.fetch(7, 8)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(prepared):
    addresses = AddressFactory.create_batch(4)

    found = run_at_once([partial(prepared.fetch, address.user_id, address.city) for address in addresses])

    assert found == [[address] for address in addresses]
