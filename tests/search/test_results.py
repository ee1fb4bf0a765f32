import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains
from wagtail.search.backends import get_search_backend

from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


def index(*pages):
    for page in pages:
        get_search_backend().add(page)
    return pages


def found(client, query, path="/search/", **more):
    response = client.get(path, {"q": query, **more})
    assert response.status_code == 200
    return [card.title for card in response.context["cards"]]


def test_finds_a_berry_in_any_form_of_the_word(client):
    index(make_offered_berry(kind_ru="Клубника"), make_offered_berry(kind_ru="Брусника"))

    for query in ("клубника", "Клубнику", "клубникой", "КЛУБНИКИ"):
        assert found(client, query) == ["Клубника"]


def test_finds_a_berry_by_its_variety_without_quotation_marks(client):
    page = BerryPageFactory(
        berry=BerryFactory(kind_ru="Клубника", variety_ru="Азия"), title="Клубника «Азия»"
    )
    index(page)

    assert found(client, "азия") == found(client, "клубника азия") == ["Клубника «Азия»"]


def test_wants_every_word(client):
    index(make_offered_berry(kind_ru="Клубника"))

    assert found(client, "клубника трактор") == []


def test_stays_in_the_language_of_its_address(client):
    russian = make_offered_berry(kind_ru="Клубника", kind_en="Strawberry")
    index(russian, BerryPageFactory(berry=russian.berry, language="en"))

    assert found(client, "strawberries", "/en/search/") == ["Strawberry"]
    assert found(client, "клубника") == ["Клубника"]


def test_finds_articles_beside_berries(client):
    index(ArticlePageFactory(title="Как сварить варенье"), make_offered_berry(kind_ru="Варенье"))

    response = client.get("/search/", {"q": "варенье"})

    assert [word["title"] for word in response.context["words"]] == ["Как сварить варенье"]
    assertContains(response, "Нашлась 1 ягода")


def test_finds_neither_drafts_nor_what_is_not_sold(client):
    draft = make_offered_berry(kind_ru="Клубника")
    draft.unpublish()
    index(draft, make_offered_berry(kind_ru="Клубника", is_active=False))

    assert found(client, "клубника") == []


def test_a_berry_that_is_sold_out_is_found_all_the_same(client):
    page = BerryPageFactory(berry=BerryFactory(kind_ru="Морошка"))
    PackFactory(berry=page.berry)
    index(page)

    assert found(client, "морошка") == ["Морошка"]


def test_pages_through_many(client):
    index(*(make_offered_berry(kind_ru="Клубника") for _ in range(25)))

    assert len(found(client, "клубника")) == 24
    assert len(found(client, "клубника", page=2)) == 1
    assert len(found(client, "клубника", page=10**9)) == 1
    assertContains(client.get("/search/?q=клубника"), "25 ягод")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "x" * 5000,
        "слово " * 1000,
        "' OR 1=1 --",
        "& | ! ( ) :* <-> \\ '",
        "клубника & !малина | (",
        "a:*",
        "🍓🍓🍓",
        "\u202e\ufeff\u200b",
        "<script>alert(1)</script>",
        "%",
        "\ud7ff\uffff",
    ],
)
def test_any_query_gets_a_page(client, query):
    get_front_page()

    response = client.get("/search/", {"q": query})

    assert response.status_code == 200
    assertNotContains(response, "<script>alert(1)")


def test_a_byte_no_database_holds_is_a_bad_request(client):
    assert client.get("/search/?q=%00").status_code == 400
    assert client.get("/search/?q=%FF%FE").status_code == 200


def test_an_empty_answer_shows_a_way_on(client):
    get_front_page()

    assertContains(client.get("/search/?q=ничего"), 'href="/catalog/"')


def test_is_no_page_for_search_engines(client):
    get_front_page()

    assertContains(client.get("/search/?q=x"), '<meta name="robots" content="noindex,follow">')


def test_queries_do_not_grow_with_the_berries_found(client):
    index(make_offered_berry(kind_ru="Клубника"), ArticlePageFactory(title="О клубнике"))
    client.get("/search/?q=клубника")
    with CaptureQueriesContext(connection) as once:
        client.get("/search/?q=клубника")
    index(
        *(make_offered_berry(kind_ru="Клубника") for _ in range(2)),
        ArticlePageFactory(title="О клубнике снова"),
    )
    with CaptureQueriesContext(connection) as thrice:
        client.get("/search/?q=клубника")

    assert len(thrice) == len(once) <= 10
