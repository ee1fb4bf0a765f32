"""OpenSearch or Elasticsearch in PostgreSQL's place: what they are asked, and what becomes of the answer."""

import json

import pytest
from wagtail.search.backends import get_search_backend

from search import engine
from search.analysis import describe_backends
from search.services import find, suggest
from shop.catalog.tags import Tag, sign_tag
from tests.factories.catalog import BerryFactory, BerryPageFactory, make_offered_berry
from tests.factories.pages import ArticlePageFactory
from tests.search.cluster import CLUSTER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cluster(settings):
    """A shop whose settings name a cluster, as docs/search.md has it."""
    settings.WAGTAILSEARCH_BACKENDS = describe_backends(
        "https://search.example", backend="tests.search.cluster"
    )
    CLUSTER.asked, CLUSTER.page_ids = [], []
    return CLUSTER


def read_asked(cluster):
    """What must be found, and by which filters."""
    return [
        (json.dumps(asked["must"], ensure_ascii=False), json.dumps(asked["filter"]))
        for asked in cluster.asked
    ]


def test_each_language_has_an_index_that_knows_its_words():
    settings = {name: get_search_backend(name).settings["settings"]["analysis"] for name in ("default", "en")}
    prefixes = [get_search_backend(name).index_prefix for name in ("default", "en")]

    assert prefixes == ["anyberry_ru_", "anyberry_en_"]
    for analysis in settings.values():
        analyzers = analysis["analyzer"]
        assert analyzers["default"]["char_filter"] == analyzers["edgengram_analyzer"]["char_filter"] == ["yo"]
        assert analyzers["edgengram_analyzer"]["filter"] == ["asciifolding", "lowercase", "edgengram"]
        assert set(analyzers["default"]["filter"]) <= {"lowercase", *analysis["filter"]}
    assert "russian_stem" in settings["default"]["analyzer"]["default"]["filter"]
    assert "russian_stem" not in settings["en"]["analyzer"]["default"]["filter"]


def test_all_that_a_reading_means_is_asked_of_the_live_pages_of_the_language(cluster):
    make_offered_berry(kind_ru="Малина")
    find(query="малина для варенья, не кислая", language="ru")

    (berries, of_berries), (others, _of_others) = read_asked(cluster)[1::-1]

    assert sign_tag("jam") in berries
    assert "must_not" in berries
    assert sign_tag("sour") in berries
    assert "малина" in berries
    assert "малина" in others
    for name in ("live_filter", "depth_filter", "locale_id_filter", "content_type_id_filter"):
        assert name in of_berries


def test_beginnings_are_asked_of_the_titles(cluster):
    suggest(prefix="моро", language="ru")

    assert any('"_edgengrams": {"query": "моро"' in must for must, _filter in read_asked(cluster))


def test_the_answer_is_what_is_found_but_for_what_is_not_sold(cluster):
    page = make_offered_berry(kind_ru="Морошка")
    gone = BerryPageFactory(title="Морошка", berry=BerryFactory(is_active=False))
    cluster.page_ids = [gone.pk, page.pk]

    found = find(query="морошка", language="ru")

    assert (found.berries, found.score, found.total) == ([page.pk], 2.5, 1)
    assert [one.page_id for one in suggest(prefix="моро", language="ru").berries] == [page.pk]


def test_no_more_is_read_than_people_look_through(cluster, monkeypatch):
    monkeypatch.setattr(engine, "MOST_ELSEWHERE", 4)
    monkeypatch.setattr(engine, "AT_ONCE", 2)
    articles = [ArticlePageFactory(title=f"О морошке {n}") for n in range(7)]
    cluster.page_ids = [article.pk for article in articles]

    found = find(query="морошка", language="ru")

    assert found.articles == cluster.page_ids[:4]
    assert found.articles_total == 7


def test_who_asks_for_any_berry_needs_no_cluster(cluster):
    page = make_offered_berry(kind_ru="Морошка", tags=[Tag.SWEET])

    assert find(query="ягоды", language="ru").berries == [page.pk]
