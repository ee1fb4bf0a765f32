"""The admin’s report of searches. Who may open it, tests/accounts/test_roles.py holds, too."""

import csv
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.roles import EDITORS, MANAGERS, MODERATORS, PACKERS
from search.log import OpenedPage, SearchedQuery
from search.models import Synonym
from tests.factories.accounts import UserFactory
from tests.factories.catalog import make_offered_berry
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/searches/"
RESULTS = "/admin/reports/searches/results/"


def sign_in(client, group=None):
    user = UserFactory(is_staff=True, is_superuser=group is None)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


@pytest.fixture
def owner(client):
    return sign_in(client)


def add(text, searches=1, hits=1, *, days=0, language="ru"):
    on = timezone.localdate() - timedelta(days=days)
    return SearchedQuery.objects.create(on=on, language=language, text=text, searches=searches, hits=hits)


def read_queries(client, **params):
    response = client.get(REPORT, params)
    assert response.status_code == 200
    return [row["text"] for row in response.context["object_list"]]


def read_csv(client, **params):
    response = client.get(REPORT, {"export": "csv", **params})
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


def test_what_found_nothing_comes_first_then_what_was_searched_most(owner):
    add("клубника", 90)
    add("малина", 100)
    add("тайбери", 2, hits=0)

    assert read_queries(owner) == ["тайбери", "малина", "клубника"]


def test_days_are_summed_up_and_the_last_one_says_the_hits(owner):
    add("малина", 2, hits=0, days=3)
    add("малина", 5, hits=4)

    row = owner.get(REPORT).context["object_list"][0]

    assert (row["times"], row["last_hits"], row["last_on"]) == (7, 4, timezone.localdate())


def test_shows_what_was_opened(owner):
    jam, cake = ArticlePageFactory(title="Варенье"), ArticlePageFactory(title="Пирог")
    query = add("малина", 9)
    OpenedPage.objects.create(query=query, page=jam, opens=1)
    OpenedPage.objects.create(query=query, page=cake, opens=3)
    OpenedPage.objects.create(query=add("малина", days=1), page=cake, opens=2)

    row = owner.get(REPORT).context["object_list"][0]

    assert (row["opens"], row["titles"]) == (6, ["Пирог × 5", "Варенье × 1"])
    assertContains(owner.get(REPORT), "Пирог × 5; Варенье × 1")


def test_can_be_filtered_by_language_and_time(owner):
    add("малина")
    add("raspberry", language="en")
    add("клюква", days=40)
    week = {
        "on_from": timezone.localdate() - timedelta(days=7),
        "on_to": timezone.localdate(),
    }

    assert read_queries(owner, language="en") == ["raspberry"]
    assert sorted(read_queries(owner, **week)) == ["raspberry", "малина"]


def test_numbers_of_a_time_are_those_of_that_time(owner):
    page = ArticlePageFactory()
    OpenedPage.objects.create(query=add("малина", 5, days=40), page=page, opens=4)
    OpenedPage.objects.create(query=add("малина", 2), page=page, opens=1)

    response = owner.get(REPORT, {"on_from": timezone.localdate(), "on_to": timezone.localdate()})
    row = response.context["object_list"][0]

    assert (row["times"], row["opens"]) == (2, 1)


def test_can_be_sorted_by_its_numbers(owner):
    add("малина", 5, hits=1)
    add("клюква", 1, hits=9)

    assert read_queries(owner, ordering="last_hits") == ["малина", "клюква"]
    assert read_queries(owner, ordering="-last_hits") == ["клюква", "малина"]


@pytest.mark.parametrize(
    "params",
    [{"p": "10000000"}, {"p": "x"}, {"ordering": "password"}, {"on_from": "\0x", "language": "xx"}],
)
def test_bad_input_is_no_fault(owner, params):
    add("малина")

    assert owner.get(REPORT, params).status_code in {200, 400}


def test_can_be_taken_along_as_a_table(owner):
    query = add("малина", 5, hits=2)
    OpenedPage.objects.create(query=query, page=ArticlePageFactory(title="Варенье"), opens=3)

    row = read_csv(owner)[0]

    assert (row["Запрос"], row["Нашлось"], row["Открывали чаще всего"]) == ("малина", "2", "Варенье × 3")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_table_is_a_formula(owner, sign):
    query = add(f"{sign}1+1")
    OpenedPage.objects.create(query=query, page=ArticlePageFactory(title=f"{sign}HYPERLINK(1)"), opens=1)

    cells = [cell for row in read_csv(owner) for cell in row.values()]

    assert f"'{sign}1+1" in cells
    assert not [cell for cell in cells if cell.startswith(sign)]


def test_other_tables_hold_no_formula_either(owner):
    add("=1+1")

    assert owner.get(REPORT, {"export": "xlsx"}).status_code == 200


def test_one_click_leads_to_a_synonym_that_is_filled_in(owner):
    add("тайберри", hits=0)

    assertContains(owner.get(REPORT), "/admin/snippets/search/synonym/add/?language=ru&amp;typed=")
    form = owner.get("/admin/snippets/search/synonym/add/?language=en&typed=tayberry&means=\0").context[
        "form"
    ]

    assert (form.initial["language"], form.initial["typed"]) == ("en", "tayberry")


@pytest.mark.parametrize(
    ("typed", "means"), [("малина рубиновая", "малина"), ("малинищща", "малина"), ("тайберри", "")]
)
def test_what_a_synonym_probably_means_is_filled_in(owner, typed, means):
    make_offered_berry(kind_ru="Малина")

    form = owner.get("/admin/snippets/search/synonym/add/", {"language": "ru", "typed": typed}).context[
        "form"
    ]

    assert form.initial["means"] == means


def test_one_press_saves_it(owner):
    make_offered_berry(kind_ru="Малина")
    add("малина рубиновая", hits=0)
    url = "/admin/snippets/search/synonym/add/"
    form = owner.get(url, {"language": "ru", "typed": "малина рубиновая"}).context["form"]

    owner.post(url, {name: form.initial[name] for name in ("language", "typed", "means")})

    assert list(Synonym.objects.values_list("typed", "means")) == [("малина рубиновая", "малина")]


@pytest.mark.parametrize("language", ["xx", "\0", "ru\0"])
def test_a_language_that_is_none_is_no_fault(owner, language):
    url = "/admin/snippets/search/synonym/add/"

    assert owner.get(url, {"language": language, "typed": "малина"}).status_code in {200, 400}


def test_a_synonym_without_a_hint_is_empty(owner):
    form = owner.get("/admin/snippets/search/synonym/add/").context["form"]

    assert form.initial["typed"] == ""


@pytest.mark.parametrize("group", [EDITORS, MODERATORS, MANAGERS])
def test_those_who_write_and_those_who_sell_read_it(client, group):
    add("малина")
    sign_in(client, group)

    assert client.get(REPORT).status_code == client.get(RESULTS).status_code == 200
    assertContains(client.get("/admin/"), REPORT)


def test_managers_are_offered_no_synonym(client):
    add("малина")
    sign_in(client, MANAGERS)

    assertNotContains(client.get(REPORT), "synonym/add")


@pytest.mark.parametrize("path", [REPORT, RESULTS, f"{REPORT}?export=csv"])
def test_others_get_nothing(client, path):
    add("тайна")
    response = sign_in(client, PACKERS).get(path)

    assert response.status_code in {302, 403}
    assertNotContains(sign_in(client, PACKERS).get(path, follow=True), "тайна")

    client.logout()
    assert client.get(path).status_code == 302
