"""Counting what people search: exact, without their names, and never in their way."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as NoConnection

from search.counting import (
    FEWEST_KEPT,
    KEPT_DAYS,
    RARE_KEPT_DAYS,
    choose_words,
    count_choice,
    count_opening,
    count_search,
    forget_old_searches,
    write_counts,
)
from search.log import OpenedPage, SearchedQuery
from tests.factories.catalog import get_front_page, make_offered_berry

pytestmark = pytest.mark.django_db


def read_rows():
    return list(SearchedQuery.objects.order_by("text").values_list("language", "text", "searches", "hits"))


def search(text, hits=0, language="ru"):
    count_search(query=text, language=language, hits=hits)


def add_row(text="клубника", days=0, searches=1):
    on = timezone.localdate() - timedelta(days=days)
    return SearchedQuery.objects.create(on=on, language="ru", text=text, searches=searches)


def test_searches_are_summed_up_by_text_language_and_day():
    for text, hits, language in [("Клубника", 3, "ru"), ("клубника!", 2, "ru"), ("berry", 0, "en")]:
        search(text, hits, language)

    assert write_counts() == 2
    assert read_rows() == [("en", "berry", 1, 0), ("ru", "клубника", 2, 2)]
    assert SearchedQuery.objects.first().on == timezone.localdate()


def test_later_counts_are_added():
    search("клубника", 3)
    write_counts()
    search("клубника", 0)
    write_counts()

    assert read_rows() == [("ru", "клубника", 2, 0)]


def test_nothing_is_counted_twice():
    search("клубника")

    assert write_counts() == 1
    assert write_counts() == 0
    assert read_rows() == [("ru", "клубника", 1, 0)]


def test_what_an_earlier_call_took_and_could_not_write_is_written():
    search("клубника")
    redis = get_redis_connection("default")
    redis.rename(cache.make_key("search:counting"), cache.make_key("search:taken"))
    search("клубника")

    write_counts()
    write_counts()

    assert read_rows() == [("ru", "клубника", 2, 0)]


@pytest.mark.parametrize(
    "query",
    [
        "ivan@example.com",
        "ivan＠example.com",
        "почта example.ru",
        "+7 999 123-45-67",
        "заказ 12345",
        "https://anyberry.example/cart",
        "ул. Ленина 5 кв 12",
        "малина на Невский проспект 3",
        "flat 5 Baker Street",
        "слово " * 9,
        "ы" * 61,
        "",
        "!!!",
    ],
)
def test_what_may_be_about_a_person_is_not_kept(query):
    search(query)

    assert write_counts() == 0
    assert read_rows() == []


@pytest.mark.parametrize("query", ["Малина 500 г", "малина 1000 г", "ягоды для пирога", "rke,ybrf", "на дом"])
def test_what_is_about_berries_is_kept(query):
    assert choose_words(query)


def test_openings_are_counted_under_their_query():
    page = make_offered_berry()
    search("малина", 1)
    for _ in range(2):
        count_opening(query="Малина", language="ru", page_id=page.pk)

    write_counts()

    assert list(OpenedPage.objects.values_list("query__text", "page", "opens")) == [("малина", page.pk, 2)]


def test_openings_that_nobody_can_have_made_are_dropped():
    page = get_front_page()
    search("малина")
    count_opening(query="малина", language="ru", page_id=page.pk + 1000)
    count_opening(query="малина", language="ru", page_id=10**30)
    count_opening(query="ежевика", language="ru", page_id=page.pk)

    write_counts()

    assert not OpenedPage.objects.exists()


def test_what_is_chosen_among_suggestions_was_searched_found_and_opened():
    page = make_offered_berry()
    search("малина", 4)
    for typed in ("Малина", "мал", "мал"):
        count_choice(query=typed, language="ru", page_id=page.pk)

    assert write_counts() == 3
    assert read_rows() == [("ru", "мал", 2, 1), ("ru", "малина", 2, 4)]
    opened = OpenedPage.objects.order_by("query__text").values_list("query__text", "page", "opens")
    assert list(opened) == [("мал", page.pk, 2), ("малина", page.pk, 1)]


def test_a_choice_of_what_is_no_page_is_no_search():
    count_choice(query="мал", language="ru", page_id=get_front_page().pk + 1000)
    count_choice(query="мал", language="ru", page_id=0)
    write_counts()

    assert read_rows() == []


def test_a_redis_that_is_away_fails_no_search(client, monkeypatch):
    def refuse(name):
        raise NoConnection("away")

    get_front_page()
    monkeypatch.setattr("search.counting.get_redis_connection", refuse)

    assert client.get("/search/?q=малина").status_code == 200
    assert write_counts() == 0
    assert read_rows() == []


def test_a_search_on_the_page_is_counted_once(client):
    get_front_page()
    client.get("/search/?q=малина")
    for more in ("&page=2", "&in_stock=on", "&sort=price"):
        client.get(f"/search/?q=малина{more}")

    write_counts()

    assert read_rows() == [("ru", "малина", 1, 0)]


# --- The beacon ---------------------------------------------------------------------


def tell(client, *, site="same-origin", **data):
    return client.post("/search/opened/", data, headers={"Sec-Fetch-Site": site})


def test_the_page_tells_what_was_opened(client):
    page = make_offered_berry()
    search("малина", 1)

    assert tell(client, q="малина", page=page.pk).status_code == 204
    write_counts()

    assert OpenedPage.objects.get().opens == 1


def test_suggestions_tell_it_too(client):
    page = make_offered_berry()

    assert tell(client, q="мал", page=page.pk, suggested="1").status_code == 204
    write_counts()

    assert (read_rows(), OpenedPage.objects.get().opens) == ([("ru", "мал", 1, 1)], 1)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "http://["}, {}],
)
def test_other_sites_cannot_count(client, headers):
    page = make_offered_berry()
    search("малина", 1)

    response = client.post("/search/opened/", {"q": "малина", "page": page.pk}, headers=headers)
    write_counts()

    assert response.status_code == 403
    assert not OpenedPage.objects.exists()


def test_a_browser_that_only_says_its_origin_counts(client):
    headers = {"Origin": "http://testserver"}

    assert client.post("/search/opened/", {"q": "x", "page": "1"}, headers=headers).status_code == 204


@pytest.mark.parametrize("page", ["", "x", "-1", "1.5", "٣", "1;drop"])
def test_a_malformed_opening_is_refused(client, page):
    assert tell(client, q="малина", page=page).status_code == 400


def test_an_absurd_opening_changes_nothing(client):
    search("малина", 1)

    assert tell(client, q="малина\0", page="9" * 5000).status_code == 204
    write_counts()

    assert not OpenedPage.objects.exists()


# --- Forgetting ---------------------------------------------------------------------


def test_old_searches_are_forgotten():
    add_row(days=KEPT_DAYS + 1, searches=50)
    kept = add_row(days=KEPT_DAYS - 1, searches=50)

    forget_old_searches()

    assert list(SearchedQuery.objects.all()) == [kept]


def test_what_hardly_anybody_searched_is_forgotten_after_a_month():
    for text in ("иван петров", "моя тайна"):
        add_row(text, days=RARE_KEPT_DAYS + 1, searches=FEWEST_KEPT - 1)
        add_row(f"{text} опять", days=RARE_KEPT_DAYS + 1)
    kept = [
        add_row("иван сидоров", searches=1),
        add_row("малина", days=RARE_KEPT_DAYS + 1, searches=FEWEST_KEPT - 1),
        add_row("малина"),
    ]

    forget_old_searches()

    assert list(SearchedQuery.objects.order_by("pk")) == kept
