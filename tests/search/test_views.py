"""The results page as shoppers use it; what a query finds is another matter: mostly the answer is given."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from search.answers import Found
from shop.catalog.services import take_stock
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(monkeypatch):
    """Let the engine find these pages, whatever is asked; gives the list of questions."""
    asked = []

    def set_answer(*berries, articles=(), **more):
        def find(*, query, language, exact=False):
            asked.append((query, language, exact))
            return Found(
                query=query,
                language=language,
                berries=[page.pk for page in berries],
                articles=[page.pk for page in articles],
                **{"total": len(berries), "articles_total": len(articles)} | more,
            )

        monkeypatch.setattr("search.views.find", find)
        return asked

    return set_answer


def offer(title, *, price="390.00", stock=10, **berry):
    page = BerryPageFactory(title=title, berry=BerryFactory(kind_ru=title, **berry))
    PackFactory(berry=page.berry, price=Decimal(price), stock=stock)
    return page


def test_who_asks_for_any_berry_pages_through_all_of_them(client, monkeypatch):
    monkeypatch.setattr("search.services.MOST_FIRST", 1)
    monkeypatch.setattr("search.results.PAGE_SIZE", 2)
    monkeypatch.setattr("shop.catalog.listing.PAGE_SIZE", 2)
    for kind in ("Клубника", "Морошка", "Ирга"):
        make_offered_berry(kind_ru=kind)
    sold_out = make_offered_berry(kind_ru="Айва", stock=0)

    pages = [read_titles(client, f"/search/?q=ягоды&page={number}") for number in (1, 2)]

    assert [len(titles) for titles in pages] == [2, 2]
    assert len({title for titles in pages for title in titles}) == 4
    assert pages[1][-1] == sold_out.title


def read_titles(client, path="/search/?q=x"):
    response = client.get(path)
    assert response.status_code == 200
    return [card.title for card in response.context["cards"]]


def test_a_query_finds_the_berry_it_names(client):
    make_offered_berry(kind_ru="Клубника")
    make_offered_berry(kind_ru="Брусника")

    assert read_titles(client, "/search/?q=клубнику") == ["Клубника"]


def test_berries_come_in_the_order_of_the_answer(client, answer):
    best, second = offer("Ясень"), offer("Арония")
    answer(best, second)

    assert read_titles(client) == ["Ясень", "Арония"]


def test_sold_out_berries_come_last_and_say_so(client, answer):
    answer(offer("Морошка", stock=0), offer("Малина"))

    assert read_titles(client) == ["Малина", "Морошка"]
    assertContains(client.get("/search/?q=x"), "Нет в наличии")


def test_what_is_out_of_season_is_marked(client, answer):
    month = timezone.localdate().month
    answer(offer("Клюква", season_months=[(month + 5) % 12 + 1]))

    assertContains(client.get("/search/?q=x"), "Не сезон")


def test_what_is_not_sold_any_more_is_left_out(client, answer):
    answer(offer("Малина"), offer("Ежевика", is_active=False))

    assert read_titles(client) == ["Малина"]


def test_filters_and_their_counts_are_those_of_the_catalog(client, answer):
    category = CategoryFactory(code="garden")
    answer(offer("Малина", categories=[category]), offer("Клюква", stock=0), offer("Слива", price="900"))

    response = client.get("/search/?q=x")
    facets = response.context["facets"]

    assert (facets.total, facets.in_stock, facets.categories) == (3, 2, {"garden": 1})
    assert read_titles(client, "/search/?q=x&category=garden") == ["Малина"]
    assert read_titles(client, "/search/?q=x&in_stock=on&price_max=500") == ["Малина"]


def test_numbers_of_many_results_are_kept_a_while(client, answer, monkeypatch):
    monkeypatch.setattr("shop.catalog.facets.KEPT_FROM", 1)
    berries = [offer("Малина"), offer("Клюква")]
    answer(*berries)
    totals = [client.get("/search/?q=x").context["facets"].in_stock]
    take_stock(wanted={page.berry.packs.get().pk: 10 for page in berries}, reference="test")
    totals.append(client.get("/search/?q=x").context["facets"].in_stock)
    answer(berries[0])
    totals.append(client.get("/search/?q=x").context["facets"].in_stock)

    assert totals == [2, 2, 0]


def test_results_can_be_sorted(client, answer):
    answer(offer("Слива", price="900"), offer("Малина", price="100"))

    assert read_titles(client, "/search/?q=x&sort=price") == ["Малина", "Слива"]
    assert read_titles(client, "/search/?q=x&sort=") == ["Слива", "Малина"]


def test_filters_keep_the_query(client, answer):
    answer(offer("Малина"))

    response = client.get("/search/?q=красная+малина&in_stock=on")

    assertContains(response, '<input type="hidden" name="q" value="красная малина">', count=2, html=True)
    assert response.context["chips"][0].url == f"/search/?q={quote('красная малина').replace('%20', '+')}"


def test_a_changed_filter_changes_the_address(client, answer):
    answer(offer("Малина"))

    response = client.get("/search/?q=x&in_stock=on&page=1", headers={"HX-Request": "true"})

    assert response["HX-Push-Url"] == "/search/?q=x&in_stock=on"


def test_filters_that_fit_nothing_lead_back_to_everything_found(client, answer):
    answer(offer("Малина"))

    assertContains(client.get("/search/?q=x&price_min=99999"), 'href="/search/?q=x"')


def test_pages_through_many(client, answer):
    answer(*(offer(f"Малина {number:02}") for number in range(25)))

    assert read_titles(client) == [f"Малина {number:02}" for number in range(24)]
    assert read_titles(client, "/search/?q=x&page=2") == ["Малина 24"]
    assert read_titles(client, f"/search/?q=x&page={10**9}") == ["Малина 24"]
    assert read_titles(client, "/search/?q=x&page=-1&sort=name") == ["Малина 24"]
    assertContains(client.get("/search/?q=x"), 'href="?q=x&amp;page=2"')


@pytest.mark.parametrize(
    ("number", "words"), [(1, "Нашлась 1 ягода."), (3, "Нашлись 3 ягоды."), (25, "Нашлось 25 ягод.")]
)
def test_the_number_of_hits_is_said_in_russian(client, answer, number, words):
    answer(offer("Малина"), total=number)

    assertContains(client.get("/search/?q=x"), words)


@pytest.mark.parametrize(("number", "words"), [(1, "Found 1 berry."), (3, "Found 3 berries.")])
def test_the_number_of_hits_is_said_in_english(client, answer, number, words):
    russian = offer("Малина")
    answer(BerryPageFactory(berry=russian.berry, language="en"), total=number)

    assertContains(client.get("/en/search/?q=x"), words)


def test_the_query_stays_in_the_field(client, answer):
    answer(offer("Малина"))

    assertContains(client.get("/search/?q=красная+«малина»"), 'value="красная «малина»"')


def test_articles_and_categories_follow_by_kind(client, answer):
    article = ArticlePageFactory(title="Как сварить варенье", lead="Долго и с любовью.")
    category = CategoryPageFactory(title="Садовые")
    answer(offer("Малина"), articles=[category, article])

    shelves = client.get("/search/?q=x").context["shelves"]

    assert [shelf.kind for shelf in shelves] == ["article", "category"]
    assert [reading.title for shelf in shelves for reading in shelf.readings] == [
        "Как сварить варенье",
        "Садовые",
    ]
    assert shelves[0].readings[0].lead == "Долго и с любовью."


def test_articles_alone_are_results_too(client, answer):
    answer(articles=[ArticlePageFactory(title="Как сварить варенье")])

    assertContains(client.get("/search/?q=x"), "Как сварить варенье")


def test_all_there_is_to_read_is_a_list_of_its_own_with_pages(client, answer):
    articles = [ArticlePageFactory(title=f"О малине {n}") for n in range(14)]
    answer(offer("Малина"), articles=articles)

    assertContains(client.get("/search/?q=x"), "/search/?q=x&amp;read=all")
    response = client.get("/search/?q=x&read=all&page=2")

    [shelf] = response.context["shelves"]
    assert [reading.title for reading in shelf.readings] == ["О малине 12", "О малине 13"]
    assert response.context["cards"] == []
    assertContains(response, 'href="/search/?q=x"')


@pytest.mark.parametrize("page", ["0", "x", "9" * 30, "-1"])
def test_a_senseless_page_of_what_there_is_to_read_shows_the_nearest(client, answer, page):
    answer(articles=[ArticlePageFactory(title="О малине")])

    assertContains(client.get("/search/", {"q": "x", "read": "all", "page": page}), "О малине")


def test_later_pages_show_berries_alone(client, answer):
    answer(*(offer(f"Малина {n}") for n in range(25)), articles=[ArticlePageFactory(title="О малине")])

    assertNotContains(client.get("/search/?q=x&page=2"), "О малине")


def test_a_query_that_was_understood_differently_can_be_asked_exactly(client, answer):
    asked = answer(offer("Клубника"), shown_for="клубника")

    response = client.get("/search/?q=rke,ybrf")
    client.get("/search/?q=rke,ybrf&exact=on")

    assertContains(response, "Показаны результаты по запросу «клубника»")
    assertContains(response, 'href="/search/?q=rke%2Cybrf&amp;exact=on"')
    assert asked == [("rke,ybrf", "ru", False), ("rke,ybrf", "ru", True)]


def test_nothing_found_shows_ways_on(client, answer):
    offer("Малина")
    answer(words=["клюква"], other_language=2)

    response = client.get("/search/?q=клюко")

    assertContains(response, "Ничего не нашлось по запросу «клюко»")
    assertContains(response, f'href="/search/?q={quote("клюква")}"')
    assertContains(response, f'href="/en/search/?q={quote("клюко")}"')
    assertContains(response, 'href="/catalog/"')
    assert [card.title for card in response.context["season_cards"]] == ["Малина"]


def test_an_exact_search_that_finds_nothing_leads_to_the_usual_one(client, answer):
    get_front_page()
    answer()

    assertContains(client.get("/search/?q=rke,ybrf&exact=on"), 'href="/search/?q=rke%2Cybrf"')
    assertNotContains(client.get("/search/?q=rke,ybrf"), "Искать как обычно")


def test_an_empty_query_asks_what_one_is_looking_for(client):
    get_front_page()

    assertContains(client.get("/search/"), 'id="search-query"')
    assertContains(client.get("/search/?q=+++"), 'id="search-query"')


def test_is_no_page_for_search_engines(client):
    get_front_page()

    assertContains(client.get("/search/?q=x"), '<meta name="robots" content="noindex,follow">')


@pytest.mark.parametrize(
    "query",
    [
        "x" * 5000,
        "слово " * 1000,
        "' OR 1=1 --",
        "& | ! ( ) :* <-> \\ '",
        "клубника & !малина | (",
        "a:*",
        "🍓🍓🍓",
        "\u202e\ufeff\u200b",
        "<script>alert(1)</script>",
        '"',
        "%",
        "\ud7ff\uffff",
    ],
)
@pytest.mark.parametrize("path", ["/search/", "/search/suggest/", "/en/search/"])
def test_any_query_gets_a_page(client, path, query):
    get_front_page("en")

    response = client.get(path, {"q": query, "page": 10**9, "price_min": "x", "sort": "?", "exact": ""})

    assert response.status_code == 200
    assertNotContains(response, "<script>alert(1)")


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
def test_a_byte_no_database_holds_is_a_bad_request(client, path):
    get_front_page()

    assert client.get(f"{path}?q=%00").status_code == 400
    assert client.get(f"{path}?q=%FF%FE").status_code == 200


def test_is_only_read(client):
    assert client.post("/search/").status_code == 405
    assert client.post("/search/suggest/").status_code == 405


def test_queries_do_not_grow_with_what_was_found(client):
    """With all that pages keep kept: menus, the site, the words that the search knows."""
    category = CategoryFactory()

    def add_more():
        make_offered_berry(kind_ru="Клубника", categories=[category])
        ArticlePageFactory(title="О клубнике")

    def count_queries():
        client.get("/search/?q=клубника")
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/search/?q=клубника").context["cards"]) > 0
        return [query["sql"][:150] for query in queries]

    CategoryPageFactory(title="Клубника и земляника")
    add_more()
    once = count_queries()
    for _ in range(3):
        add_more()
    often = count_queries()

    assert len(often) == len(once) <= 10, often
