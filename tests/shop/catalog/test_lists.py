from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    get_catalog_page,
    make_expired_lot,
    make_offered_berry,
)

pytestmark = pytest.mark.django_db

LIST_BUDGET = 10


@pytest.fixture
def catalog():
    return get_catalog_page("ru")


def get_titles(response) -> list[str]:
    return [card.title for card in response.context["cards"]]


def make_berry(title: str, *, price: str = "390.00", weight_g: int = 500, stock: int = 5, **berry):
    page = BerryPageFactory(berry=BerryFactory(**berry), title=title)
    PackFactory(berry=page.berry, price=Decimal(price), weight_g=weight_g, stock=stock)
    return page


# --- What is in the list -----------------------------------------------------------


def test_the_catalog_shows_berries_with_price_weight_and_price_per_kilogram(client, catalog):
    make_berry("Малина Полька", price="390.00", weight_g=500)

    text = client.get("/catalog/").content.decode()

    assert "Малина Полька" in text
    assert "390\N{NO-BREAK SPACE}₽" in text
    assert "500\N{NO-BREAK SPACE}г" in text
    assert "780\N{NO-BREAK SPACE}₽/кг" in text


def test_the_catalog_shows_only_live_pages_of_its_language_about_berries_on_sale(client, catalog):
    page = make_berry("Малина")
    BerryPageFactory(berry=page.berry, language="en", title="Raspberry")
    make_berry("Снята с продажи", is_active=False)
    draft = make_berry("Черновик")
    draft.unpublish()

    assert get_titles(client.get("/catalog/")) == ["Малина"]
    assert get_titles(client.get("/en/catalog/")) == ["Raspberry"]


def test_sold_out_berries_come_last_in_every_order_and_stay_visible(client, catalog):
    make_berry("Нет её", stock=0, price="1.00")
    expired = make_berry("Просрочена", stock=0, price="2.00")
    make_expired_lot(expired.berry.packs.get())
    make_berry("Есть", price="900.00")

    for sort in ["", "new", "price", "price_per_kg", "name"]:
        titles = get_titles(client.get("/catalog/", {"sort": sort}))

        assert titles[0] == "Есть", sort
        assert set(titles[1:]) == {"Нет её", "Просрочена"}


def test_berries_without_a_pack_are_listed_without_a_price(client, catalog):
    BerryPageFactory(title="Скоро будет")

    response = client.get("/catalog/", {"sort": "price"})

    assert get_titles(response) == ["Скоро будет"]
    assert response.context["cards"][0].price is None


# --- Choices ------------------------------------------------------------------------


def test_filters_by_category_season_stock_and_price_can_be_combined(client, catalog):
    garden = CategoryFactory(code="garden")
    month = timezone.localdate().month
    make_berry("Нужная", categories=[garden], season_months=[month], price="300.00")
    make_berry("Не та категория", season_months=[month], price="300.00")
    make_berry("Не сезон", categories=[garden], season_months=[month % 12 + 1], price="300.00")
    make_berry("Нет", categories=[garden], season_months=[month], stock=0, price="300.00")
    make_berry("Дорогая", categories=[garden], season_months=[month], price="300.01")
    make_berry("Дешёвая", categories=[garden], season_months=[month], price="99.99")

    response = client.get(
        "/catalog/",
        {"category": "garden", "in_season": "on", "in_stock": "on", "price_min": "100", "price_max": "300"},
    )

    assert get_titles(response) == ["Нужная"]
    assert [chip.label for chip in response.context["chips"]] == [
        garden.name_ru,
        "Сейчас сезон",
        "В наличии",
        "от 100\N{NO-BREAK SPACE}₽",
        "до 300\N{NO-BREAK SPACE}₽",
    ]


def test_a_berry_in_two_categories_is_counted_once(client, catalog):
    both = [CategoryFactory(), CategoryFactory()]
    make_berry("Малина", categories=both)

    response = client.get("/catalog/")

    assert get_titles(response) == ["Малина"]
    assert response.context["facets"].total == 1
    assert response.context["facets"].categories == {both[0].code: 1, both[1].code: 1}


def test_facets_tell_what_each_choice_would_show(client, catalog):
    garden, forest = CategoryFactory(code="garden"), CategoryFactory(code="forest")
    month = timezone.localdate().month
    make_berry("1", categories=[garden], season_months=[month])
    make_berry("2", categories=[garden], season_months=[], stock=0)
    make_berry("3", categories=[forest], season_months=[month])

    facets = client.get("/catalog/", {"category": "garden"}).context["facets"]

    assert (facets.total, facets.in_season, facets.in_stock, facets.any_category) == (2, 1, 1, 3)
    assert facets.categories == {"garden": 2, "forest": 1}


def test_a_category_is_called_by_its_new_name_on_the_next_page(client, catalog):
    garden = CategoryFactory(code="garden", name_ru="Садовые")
    client.get("/catalog/")
    garden.name_ru = "Из сада"
    garden.save()

    assert client.get("/catalog/").context["category_choices"] == [("garden", "Из сада", 0)]


def test_a_chip_takes_its_filter_back_and_keeps_the_others(client, catalog):
    CategoryFactory(code="garden")

    chips = client.get("/catalog/?category=garden&in_stock=on&sort=price").context["chips"]

    assert [chip.url for chip in chips] == [
        "/catalog/?in_stock=on&sort=price",
        "/catalog/?category=garden&sort=price",
    ]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price", ["Средняя", "Дешёвая за кило", "Дорогая"]),
        ("-price", ["Дорогая", "Дешёвая за кило", "Средняя"]),
        ("price_per_kg", ["Дешёвая за кило", "Средняя", "Дорогая"]),
        ("name", ["Дешёвая за кило", "Дорогая", "Средняя"]),
        ("new", ["Дорогая", "Дешёвая за кило", "Средняя"]),
        ("popular", ["Дешёвая за кило", "Дорогая", "Средняя"]),
    ],
)
def test_lists_can_be_sorted(client, catalog, sort, expected):
    make_berry("Средняя", price="100.00", weight_g=250)
    make_berry("Дешёвая за кило", price="200.00", weight_g=1000, popularity=7)
    make_berry("Дорогая", price="500.00", weight_g=125)

    assert get_titles(client.get("/catalog/", {"sort": sort})) == expected


def test_a_category_has_a_page_whose_filters_lead_to_the_catalog(client, catalog):
    garden = CategoryFactory(code="garden")
    CategoryPageFactory(category=garden, title="Садовые ягоды")
    make_berry("Малина", categories=[garden])
    make_berry("Черника")

    response = client.get("/catalog/garden/")

    assert get_titles(response) == ["Малина"]
    text = response.content.decode()
    assert "<h1" in text
    assert "Садовые ягоды" in text
    assert 'action="/catalog/"' in text
    assert "noindex" not in text


# --- Pages of the list --------------------------------------------------------------


def test_lists_come_in_pages_that_keep_the_filters(client, catalog):
    for number in range(26):
        make_berry(f"Ягода {number:02}")

    first = client.get("/catalog/?sort=name&in_stock=on")
    second = client.get("/catalog/?sort=name&in_stock=on&page=2")

    assert len(get_titles(first)) == 24
    assert get_titles(second) == ["Ягода 24", "Ягода 25"]
    assert "?sort=name&amp;in_stock=on&amp;page=2" in first.content.decode()


@pytest.mark.parametrize("page", ["2", "0", "-1", "1000000000", "1" * 400, "abc", "1.5", "", "٢"])
@pytest.mark.parametrize("path", ["/catalog/", "/en/catalog/", "/season/"])
def test_a_page_that_the_list_does_not_have_is_not_found(client, catalog, path, page):
    get_catalog_page("en")
    make_berry("Малина")

    assert client.get(path, {"page": page}).status_code == 404


# --- Bad input ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {"price_min": "abc"},
        {"price_min": "-1"},
        {"price_max": "NaN"},
        {"price_max": "Infinity"},
        {"price_min": "1e400"},
        {"price_min": "9" * 60},
        {"price_min": "0.001"},
        {"price_min": "500", "price_max": "100"},
        {"category": "nothing"},
        {"category": "<script>alert(1)</script>"},
        {"sort": "'; DROP TABLE shop_berry; --"},
    ],
)
def test_filters_that_make_no_sense_are_left_out_and_the_form_says_so(client, catalog, query):
    make_berry("Малина")

    response = client.get("/catalog/", query)

    assert response.status_code == 200
    assert get_titles(response) == ["Малина"]
    assert response.context["form"].errors
    text = response.content.decode()
    assert "Часть фильтров не имеет смысла" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("path", ["/catalog/?category=%00", "/catalog/?price_min=%00", "/season/?month=%00"])
def test_nul_bytes_are_refused(client, catalog, path):
    assert client.get(path).status_code == 400


def test_russian_shoppers_may_write_prices_with_a_comma(client, catalog):
    make_berry("Малина", price="390.50")

    assert get_titles(client.get("/catalog/", {"price_max": "390,50"})) == ["Малина"]
    assert get_titles(client.get("/catalog/", {"price_max": "390,49"})) == []


def test_nothing_found_shows_a_way_on(client, catalog):
    text = client.get("/catalog/?price_max=1").content.decode()

    assert "Таких ягод нет" in text
    assert 'href="/catalog/"' in text


def test_lists_are_only_read(client, catalog):
    assert client.post("/catalog/").status_code == 405


def test_htmx_gets_the_clean_address_to_show(client, catalog):
    response = client.get("/catalog/?category=&price_min=&in_stock=on&sort=", headers={"HX-Request": "true"})

    assert response["HX-Push-Url"] == "/catalog/?in_stock=on"


# --- The calendar -------------------------------------------------------------------


def test_the_calendar_is_a_table_of_months_and_berries_with_links(client, catalog):
    page = make_berry("Малина", season_months=[7, 8])

    response = client.get("/season/")
    text = response.content.decode()

    assert [is_on for _month, is_on in response.context["rows"][0].months] == [
        m in {7, 8} for m in range(1, 13)
    ]
    assert f'<th scope="row"><a href="{page.url}">Малина</a></th>' in text
    assert text.count('scope="col"') == 13
    assert "<caption" in text


def test_the_calendar_of_a_month_shows_what_ripens_in_it(client, catalog):
    make_berry("Малина", season_months=[7])
    make_berry("Клюква", season_months=[9])

    assert [row.title for row in client.get("/season/?month=7").context["rows"]] == ["Малина"]
    assert len(client.get("/season/?month=13").context["rows"]) == 2
    assert len(client.get("/season/?month=abc").context["rows"]) == 2


# --- What it costs ------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    "path", ["/catalog/", "/en/catalog/", "/catalog/garden/", "/season/", "/catalog/?in_stock=on&sort=price"]
)
def test_lists_cost_ten_queries_however_many_rows(client, catalog, path, rows, django_assert_max_num_queries):
    get_catalog_page("en")
    garden = CategoryFactory(code="garden")
    CategoryPageFactory(category=garden)
    CategoryPageFactory(category=garden, language="en")
    for _ in range(rows):
        page = make_offered_berry(categories=[garden])
        BerryPageFactory(berry=page.berry, language="en")
    client.get(path)  # fills Wagtail's cache of sites

    with django_assert_max_num_queries(LIST_BUDGET):
        assert client.get(path).status_code == 200
