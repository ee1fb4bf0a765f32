import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.counting import write_counts
from search.log import SearchedQuery
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db

SEARCH = "/api/v1/search/"
SUGGEST = "/api/v1/search/suggest/"


def ask(client, path, **params):
    response = client.get(path, params)
    assert response.status_code == 200, response.content
    return response.json()


def test_finds_berries_with_price_and_stock(client):
    page = make_offered_berry(kind_ru="Клубника", stock=7)

    found = ask(client, SEARCH, q="клубнику", lang="ru")

    assert (found["count"], found["q"], found["shown_for"]) == (1, "клубнику", "")
    berry = found["items"][0]
    assert (berry["id"], berry["price"], berry["quantity"]) == (page.berry_id, "390.00", 7)


def test_who_asks_for_any_berry_pages_through_all_of_them(client, monkeypatch):
    monkeypatch.setattr("search.services.MOST_FIRST", 1)
    monkeypatch.setattr("shop.catalog.listing.PAGE_SIZE", 2)
    for kind in ("Клубника", "Морошка", "Ирга"):
        make_offered_berry(kind_ru=kind)

    parts = [ask(client, SEARCH, q="ягоды", page=number) for number in (1, 2)]

    assert [(part["count"], len(part["items"])) for part in parts] == [(3, 2), (3, 1)]
    assert client.get(SEARCH, {"q": "ягоды", "page": 3}).status_code == 404


def test_finds_articles_beside_berries(client):
    article = ArticlePageFactory(title="Как сварить варенье", lead="Долго.")

    found = ask(client, SEARCH, q="варенье")

    assert found["articles_count"] == 1
    assert found["articles"] == [
        {
            "id": article.pk,
            "kind": "article",
            "title": "Как сварить варенье",
            "description": "Долго.",
            "url": f"http://testserver{article.url}",
            "image": None,
        }
    ]


def test_answers_in_the_language_asked_for(client):
    russian = make_offered_berry(kind_ru="Клубника", kind_en="Strawberry")
    BerryPageFactory(berry=russian.berry, language="en")

    assert ask(client, SEARCH, q="strawberry", lang="en")["items"][0]["kind"] == "Strawberry"


def test_sold_out_berries_come_last(client):
    PackFactory(berry=BerryPageFactory(title="Малина", berry=BerryFactory(kind_ru="Малина")).berry)
    offered = make_offered_berry(kind_ru="Малина")

    assert ask(client, SEARCH, q="малина")["items"][0]["id"] == offered.berry_id


def test_results_come_in_pages(client):
    for _ in range(25):
        make_offered_berry(kind_ru="Клубника")

    assert len(ask(client, SEARCH, q="клубника", page=2)["items"]) == 1
    assert client.get(SEARCH, {"q": "клубника", "page": 3}).status_code == 404


def test_suggests_berries_for_the_first_letters(client):
    page = make_offered_berry(kind_ru="Клубника", stock=3)

    suggested = ask(client, SUGGEST, q="клуб")

    assert suggested["berries"] == [
        {
            "id": page.berry_id,
            "title": page.title,
            "url": f"http://testserver{page.url}",
            "image": None,
            "price": "390.00",
            "weight_g": 500,
            "quantity": 3,
        }
    ]


def test_answers_may_be_kept_for_a_moment(client):
    get_front_page()

    assert client.get(SEARCH, {"q": "x"})["Cache-Control"] == "private, max-age=30"
    assert client.get(SUGGEST, {"q": "x"})["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", [SEARCH, SUGGEST])
@pytest.mark.parametrize("query", ["", "   ", "🍓", "a & | ! :*", "\"'", "%", "клубника' OR 1=1 --"])
def test_any_query_of_a_sane_length_is_answered(client, path, query):
    get_front_page()

    assert client.get(path, {"q": query}).status_code == 200


@pytest.mark.parametrize("path", [SEARCH, SUGGEST])
@pytest.mark.parametrize(("params", "status"), [({"q": "x" * 5000}, 422), ({"q": "x", "lang": "xx"}, 422)])
def test_what_makes_no_sense_is_refused_clearly(client, path, params, status):
    response = client.get(path, params)

    assert response.status_code == status
    assert response.json()["code"] == "invalid"
    assert response.json()["detail"]


@pytest.mark.parametrize("page", [0, -1, 10**9, "x"])
def test_pages_that_cannot_be_are_refused(client, page):
    get_front_page()

    assert client.get(SEARCH, {"q": "x", "page": page}).status_code == 422


def test_a_byte_no_database_holds_is_malformed(client):
    response = client.get(f"{SEARCH}?q=%00")

    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_searches_by_api_are_counted_too(client):
    get_front_page()
    client.get(SEARCH, {"q": "Тайбери"})

    write_counts()

    assert list(SearchedQuery.objects.values_list("text", "language", "hits")) == [("тайбери", "ru", 0)]


def test_queries_do_not_grow_with_what_was_found(client):
    make_offered_berry(kind_ru="Клубника")
    ask(client, SEARCH, q="клубника")
    with CaptureQueriesContext(connection) as once:
        ask(client, SEARCH, q="клубника")
    for _ in range(3):
        make_offered_berry(kind_ru="Клубника")
    ask(client, SEARCH, q="клубника")
    with CaptureQueriesContext(connection) as often:
        ask(client, SEARCH, q="клубника")

    assert len(often) == len(once) <= 10
