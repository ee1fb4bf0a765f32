import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.catalog import get_front_page
from tests.factories.pages import ArticlePageFactory, StandardPageFactory, get_journal_page

pytestmark = pytest.mark.django_db


def test_lists_articles_newest_first_twelve_a_page(client):
    articles = [ArticlePageFactory() for _ in range(13)]

    first, second = client.get("/journal/"), client.get("/journal/?page=2")

    assert [card.title for card in first.context["articles"]] == [article.title for article in articles[:12]]
    assert [card.title for card in second.context["articles"]] == [articles[12].title]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1000000000", "9" * 400, ""])
def test_a_page_number_that_is_none_shows_the_nearest(client, page):
    ArticlePageFactory()

    assert len(client.get("/journal/", {"page": page}).context["articles"]) == 1


def test_shows_the_articles_of_its_language_alone(client):
    ArticlePageFactory(title="О чернике")
    ArticlePageFactory(title="On bilberries", language="en")

    assertNotContains(client.get("/journal/"), "On bilberries")
    assertContains(client.get("/en/journal/"), "On bilberries")


def test_an_empty_journal_points_to_the_catalog(client):
    get_journal_page()

    assertContains(client.get("/journal/"), "/catalog/")


def test_queries_do_not_grow_with_the_articles(client):
    ArticlePageFactory()
    client.get("/journal/")
    with CaptureQueriesContext(connection) as once:
        client.get("/journal/")
    for _ in range(2):
        ArticlePageFactory()
    client.get("/journal/")  # what is kept for all pages is dropped when one is published
    with CaptureQueriesContext(connection) as thrice:
        client.get("/journal/")

    assert len(thrice) == len(once) <= 12


def test_an_article_shows_its_words_and_what_else_there_is_to_read(client):
    body = [
        {"type": "text", "value": "<h2>Холод</h2><p>Держите ягоды <b>сухими</b>.</p>"},
        {"type": "quotation", "value": {"text": "Мыть перед едой!", "author": "Бабушка"}},
        {"type": "facts", "value": {"items": [{"name": "Сколько", "value": "четыре дня"}]}},
    ]
    article = ArticlePageFactory(title="Как хранить", body=body)
    other = ArticlePageFactory()

    response = client.get(f"/journal/{article.slug}/")

    for words in ("<b>сухими</b>", "Мыть перед едой!", "Бабушка", "четыре дня", other.title):
        assertContains(response, words)
    assert [title for title, _url in response.context["trail"]] == ["Главная", "Журнал", "Как хранить"]


def test_words_of_editors_are_escaped(client):
    body = [{"type": "quotation", "value": {"text": "<script>alert(1)</script>", "author": ""}}]
    article = ArticlePageFactory(title="<b>&", body=body)

    response = client.get(f"/journal/{article.slug}/")

    assertNotContains(response, "<script>alert(1)")
    assertNotContains(response, '<h1 class="page-head__title"><b>')


def test_a_plain_page_shows_its_words(client):
    StandardPageFactory(slug="about", body=[{"type": "text", "value": "<p>Мы продаём ягоды.</p>"}])

    assertContains(client.get("/about/"), "Мы продаём ягоды.")


def test_a_page_that_is_none_is_not_found(client):
    get_journal_page()
    get_front_page("en")

    for path in ("/nothing/", "/journal/nothing/", "/en/journal/", "/journal/nothing/at/all/"):
        assert client.get(path).status_code == 404
