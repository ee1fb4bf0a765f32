"""The numbers beside the filters of a long list are kept for a minute, and forgotten by every change."""

import pytest

from shop.catalog import facets
from shop.catalog.choices import Sort
from shop.catalog.facets import get_facets
from shop.catalog.listing import Filters
from shop.catalog.models import Berry
from shop.catalog.services import take_stock
from tests.factories.catalog import CategoryFactory, make_offered_berry

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_offered_berry(stock=2)


@pytest.fixture
def long_list(monkeypatch):
    """Every list is long."""
    monkeypatch.setattr(facets, "KEPT_FROM", 1)


def count(page, **filters):
    return get_facets(page.locale_id, Filters(**filters))


def test_a_short_list_is_counted_each_time(page, django_assert_num_queries):
    count(page)

    with django_assert_num_queries(1):
        assert count(page).total == 1


def test_a_long_list_is_counted_once_whatever_its_order(page, long_list, django_assert_num_queries):
    counted = count(page)

    with django_assert_num_queries(0):
        assert count(page) == counted
        assert count(page, sort=Sort.NAME) == counted


def test_other_filters_have_numbers_of_their_own(page, long_list):
    count(page)

    assert count(page, category="no-such").total == 0


@pytest.mark.parametrize("change", ["berry", "pack", "lot", "page", "category"])
def test_a_change_is_counted_at_once(page, long_list, change):
    garden = CategoryFactory(code="garden")
    before = count(page)
    berry = Berry.objects.get(pk=page.berry_id)

    if change == "berry":
        berry.is_active = False
        berry.save()
    elif change == "pack":
        pack = berry.packs.get()
        pack.is_active = False
        pack.save()
    elif change == "lot":
        berry.packs.get().lots.get().movements.all().delete()
        berry.packs.get().lots.get().delete()
    elif change == "page":
        page.unpublish()
    else:
        berry.categories.add(garden)

    assert count(page) != before


def test_a_sale_may_wait_a_minute_but_the_card_does_not(client, page, long_list):
    before = count(page)
    take_stock(wanted={page.berry.packs.get().pk: 2}, reference="AB-1")

    assert count(page) == before
    response = client.get(page.get_parent().url)
    assert response.context["cards"][0].left == 0
