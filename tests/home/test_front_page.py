from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db
FRONT_BUDGET = 12


def out_of_season():
    month = timezone.localdate().month
    return [other for other in range(1, 13) if other != month]


def fill_front_page(language, rows):
    for _ in range(rows):
        page = BerryPageFactory(language=language)
        PackFactory(berry=page.berry, stock=5)
        CategoryPageFactory(language=language, category=CategoryFactory())
        ArticlePageFactory(language=language)
        StandardPageFactory(language=language, show_in_menus=True)


def count_queries(client, path):
    client.get(path)  # Wagtail keeps the sites' roots in the cache
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("language", "path"), [("ru", "/"), ("en", "/en/")])
def test_takes_no_more_queries_with_three_times_the_rows(client, language, path):
    fill_front_page("ru", 1)
    fill_front_page(language, 1)
    once = count_queries(client, path)
    fill_front_page(language, 2)

    assert count_queries(client, path) == once <= FRONT_BUDGET


def test_shows_what_is_in_season_and_in_stock(client):
    shown = make_offered_berry(kind_ru="Клубника")
    absent = BerryPageFactory(berry=BerryFactory(kind_ru="Черника"))
    PackFactory(berry=absent.berry)
    other = make_offered_berry(kind_ru="Брусника", season_months=out_of_season())

    response = client.get("/")

    assert [card.berry_id for card in response.context["cards"]] == [shown.berry_id]
    assertContains(response, "Клубника")
    assertNotContains(response, other.title)


def test_shows_whatever_is_in_stock_where_nothing_is_in_season(client):
    page = make_offered_berry(season_months=out_of_season())

    assert [card.berry_id for card in client.get("/").context["cards"]] == [page.berry_id]


def test_never_shows_a_berry_that_is_not_sold(client):
    get_front_page()
    make_offered_berry(is_active=False)

    assert client.get("/").context["cards"] == []


def test_shows_at_most_eight_berries_and_three_articles(client):
    for _ in range(9):
        make_offered_berry()
        ArticlePageFactory()

    context = client.get("/").context

    assert len(context["cards"]) == 8
    assert [article.title for article in context["articles"]] == sorted(
        (article.title for article in context["articles"]), key=lambda title: int(title.split()[1])
    )
    assert len(context["articles"]) == 3


def test_category_tiles_count_the_berries_that_are_sold(client):
    category = CategoryFactory()
    CategoryPageFactory(category=category, title="Садовые ягоды")
    BerryFactory(categories=[category])
    BerryFactory(categories=[category], is_active=False)

    [tile] = client.get("/").context["categories"]

    assert (tile.title, tile.count, tile.url) == ("Садовые ягоды", 1, f"/catalog/{category.code}/")


def test_speaks_the_language_of_its_address(client):
    page = make_offered_berry(kind_ru="Клубника", kind_en="Strawberry")
    BerryPageFactory(berry=page.berry, language="en")

    russian, english = client.get("/"), client.get("/en/")

    assertContains(russian, '<html lang="ru"')
    assertContains(english, '<html lang="en"')
    assertContains(russian, "Клубника")
    assertNotContains(english, "Клубника")
    assertContains(english, "Strawberry")


def test_an_empty_shop_has_a_front_page(client):
    get_front_page()

    assertContains(client.get("/"), "Ягоды")


def test_names_the_price_of_what_one_click_buys(client):
    page = make_offered_berry()
    PackFactory(berry=page.berry, weight_g=1000, price=Decimal("700.00"), stock=3)

    [card] = client.get("/").context["cards"]

    assert (card.weight_g, card.price) == (500, Decimal("390.00"))
