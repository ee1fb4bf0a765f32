"""The list under the search field, and what it becomes without script: a form."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from search.answers import Suggestion, Suggestions
from search.services import suggest
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggestions(monkeypatch):
    """Let the engine suggest this, whatever is typed."""

    def set_answer(berries=(), **more):
        found = [Suggestion(page.pk, page.title, page.get_url(), page.berry_id) for page in berries]
        answer = Suggestions(berries=found, **more)
        monkeypatch.setattr("search.views.suggest", lambda *, prefix, language: answer)

    return set_answer


def offer(title, stock=5):
    page = BerryPageFactory(title=title, berry=BerryFactory())
    PackFactory(berry=page.berry, stock=stock)
    return page


def test_berries_show_price_and_stock(client, suggestions):
    page = offer("Малина")
    suggestions([page])

    response = client.get("/search/suggest/?q=мал")

    assertContains(response, f'href="{page.url}"')
    assertContains(response, "390\xa0₽")
    assertContains(response, "Осталось 5")


def test_sold_out_berries_come_last(client, suggestions):
    suggestions([offer("Морошка", stock=0), offer("Малина")])

    content = client.get("/search/suggest/?q=м").content.decode()

    assert content.index("Малина") < content.index("Морошка")


def test_each_kind_is_a_group_with_a_name(client, suggestions):
    suggestions(
        [offer("Малина")],
        categories=[Suggestion(1, "Садовые", "/catalog/garden/")],
        articles=[Suggestion(2, "Варенье", "/journal/jam/")],
        words=["малиновый"],
    )

    response = client.get("/search/suggest/?q=мал")

    assertContains(response, 'role="group"', count=4)
    assertContains(response, 'role="option"', count=5)
    assertContains(response, "5 подсказок")
    assertContains(response, f'href="/search/?q={quote("малиновый")}"')


def test_the_last_one_leads_to_all_results(client, suggestions):
    suggestions(words=["малина & ежевика"])

    assertContains(client.get("/search/suggest/?q=a%26b"), 'href="/search/?q=a%26b"')


def test_nothing_to_suggest_is_an_empty_list_that_says_so(client, suggestions):
    suggestions()

    response = client.get("/search/suggest/?q=zzz")

    assertContains(response, 'data-status="Подсказок нет."')
    assertNotContains(response, 'role="option"')


def test_pages_say_what_is_opened_and_other_ways_on_do_not(client, suggestions):
    page = offer("Малина")
    suggestions([page], articles=[Suggestion(2, "Варенье", "/journal/jam/")], words=["малиновый"])

    response = client.get("/search/suggest/?q=Мал")

    assertContains(response, 'data-opened="/search/opened/"')
    assertContains(response, 'data-query="Мал"')
    assertContains(response, "data-page=", count=2)
    assertContains(response, f'data-page="{page.pk}"')


@pytest.mark.parametrize("path", ["/search/suggest/", "/api/v1/search/suggest/"])
def test_queries_do_not_grow_with_what_is_suggested(client, path):
    """With all that pages keep kept: the site, the pictures, the words that the search knows."""

    def add_more():
        make_offered_berry(kind_ru="Клубника")
        CategoryPageFactory(title="Клубничные")
        ArticlePageFactory(title="Клубничный год")

    def count_queries():
        assert client.get(path, {"q": "клуб"}).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            assertContains(client.get(path, {"q": "клуб"}), "/journal/")
        return [query["sql"][:150] for query in queries]

    add_more()
    once = count_queries()
    for _ in range(2):
        add_more()
    often = count_queries()

    assert len(often) == len(once) <= 6, often


def test_speaks_the_language_of_its_address(client, suggestions):
    suggestions(words=["raspberry"])

    assertContains(client.get("/en/search/suggest/?q=ra"), "2 suggestions.")


def test_is_the_same_for_everybody_and_kept_a_minute(client, suggestions):
    suggestions([offer("Малина")])

    response = client.get("/search/suggest/?q=мал")

    assert "max-age=60" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_a_title_cannot_bring_markup(client, suggestions):
    suggestions(words=["<img src=x onerror=alert(1)>"])

    assertNotContains(client.get("/search/suggest/?q=x"), "<img src=x")


def test_the_first_letters_find_a_berry(client):
    page = offer("Голубика")

    assertContains(client.get("/search/suggest/?q=голу"), page.url)


def test_misspelt_words_are_suggested_for_as_if_they_were_right(monkeypatch):
    page = make_offered_berry(kind_ru="Клубника")
    monkeypatch.setattr("search.services.find", None)  # what would look through all texts

    found = suggest(prefix="клубинка", language="ru")

    assert [berry.page_id for berry in found.berries] == [page.pk]
    assert found.words[0] == "клубника"


def test_so_are_words_that_are_not_typed_to_their_end(monkeypatch):
    page = make_offered_berry(kind_ru="Клубника")
    monkeypatch.setattr("search.services.find", None)

    assert [berry.page_id for berry in suggest(prefix="глубни", language="ru").berries] == [page.pk]


def test_what_no_title_has_is_not_looked_for(django_assert_num_queries):
    make_offered_berry(kind_ru="Клубника")
    suggest(prefix="клу", language="ru")  # fills the caches of words and sites

    with django_assert_num_queries(3):  # berries, others, and the titles of what is suggested
        found = suggest(prefix="rke,y", language="ru")

    assert found.words == ["клубника"]


def test_an_editors_own_words_in_a_title_are_completed():
    page = make_offered_berry(kind_ru="Клубника")
    page.title = "Витязь из Коломны"
    page.save_revision().publish()

    assert [berry.page_id for berry in suggest(prefix="витязь из кол", language="ru").berries] == [page.pk]


@pytest.mark.parametrize("prefix", ["клубника аз", "клубника ази", "ази клубника"])
def test_two_words_are_looked_for_together(prefix):
    page = make_offered_berry(kind_ru="Клубника", variety_ru="Азия")
    make_offered_berry(kind_ru="Клубника", variety_ru="Алая")

    assert [berry.page_id for berry in suggest(prefix=prefix, language="ru").berries] == [page.pk]


def test_every_page_has_the_field(client):
    get_front_page()

    response = client.get("/search/")

    assertContains(response, '<any-search class="header__search" data-url="/search/suggest/">')
    assertContains(response, 'role="listbox"', count=1)
