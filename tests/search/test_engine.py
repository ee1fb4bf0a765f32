"""The index and what is asked of it: as fresh as the shop, never empty, deaf to any syntax."""

from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from wagtail.search.backends import get_search_backend

from search.backend import SearchBackend
from search.engine import complete_others
from search.services import find, suggest
from shop.catalog.models import Category
from shop.catalog.services import take_stock
from shop.catalog.tags import Tag
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


def find_titles(query, language="ru"):
    from wagtail.models import Page

    found = find(query=query, language=language)
    titles = dict(Page.objects.values_list("pk", "title"))
    return [titles[page_id] for page_id in [*found.berries, *found.articles]]


# --- Ranks ----------------------------------------------------------------------------


def test_each_language_has_a_backend_with_its_own_configuration():
    assert [get_search_backend(name).config for name in ("default", "en")] == ["russian", "english"]


def test_title_comes_before_name_before_category_before_lead_before_text():
    body = [("text", "<p>Вкуснее, чем ежевика.</p>")]
    category = CategoryFactory(name_ru="Ежевика и другие")
    pages = [
        BerryPageFactory(title="Ежевика"),
        BerryPageFactory(title="Чёрная ягода", berry=BerryFactory(kind_ru="Ежевика")),
        BerryPageFactory(title="Соседка", berry=BerryFactory(categories=[category])),
        BerryPageFactory(title="Подруга", lead="Как ежевика."),
        BerryPageFactory(title="Дальняя", body=body),
    ]

    assert find_titles("ежевика") == [page.title for page in pages]


def test_dots_over_letters_make_no_difference():
    BerryPageFactory(title="Чёрная смородина")

    assert find_titles("черная") == find_titles("чёрная") == ["Чёрная смородина"]


def test_a_tag_finds_what_has_it_and_not_what_speaks_of_it():
    BerryPageFactory(title="Клюква", berry=BerryFactory(kind_ru="Клюква", tags=[Tag.SOUR]))
    BerryPageFactory(title="Малина", lead="Совсем не кислая.")

    assert find_titles("кислая ягода") == ["Клюква"]


def test_pages_that_are_no_berries_are_found_apart():
    article = ArticlePageFactory(title="Морошка в лесу")
    berry = BerryPageFactory(title="Морошка")

    found = find(query="морошка", language="ru")

    assert found.berries == [berry.pk]
    assert found.articles == [article.pk]
    assert (found.total, found.articles_total) == (1, 1)


def test_each_language_finds_its_own_pages_and_counts_the_others():
    berry = BerryFactory(kind_ru="Морошка", kind_en="Cloudberry")
    BerryPageFactory(berry=berry, language="ru")
    english = BerryPageFactory(berry=berry, language="en")
    ArticlePageFactory(title="Стихи")
    ArticlePageFactory(title="Verses", language="en")

    assert find(query="cloudberries", language="en").berries == [english.pk]
    assert find(query="verses", language="ru").other_language == 1


# --- Freshness ------------------------------------------------------------------------


def test_the_index_follows_publishing_and_unpublishing():
    page = BerryPageFactory(title="Морошка")
    page.unpublish()
    assert find_titles("морошка") == []

    page.title = "Морошка с болота"
    page.save_revision().publish()
    assert find_titles("болото") == ["Морошка с болота"]


def test_a_draft_changes_nothing():
    page = BerryPageFactory(title="Морошка")
    page.title = "Клюква"
    page.save_revision()

    assert find_titles("клюква") == []
    assert find_titles("морошка") == ["Морошка"]


def test_the_index_follows_the_facts():
    page = BerryPageFactory(title="Ягода")
    berry = page.berry
    berry.kind_ru, berry.tags = "Княженика", [Tag.SOUR]
    berry.save()
    assert find_titles("княженика") == find_titles("кислая") == ["Ягода"]

    berry.is_active = False
    berry.save()
    assert find_titles("княженика") == []


def test_the_index_follows_categories():
    page = BerryPageFactory(title="Ягода")
    page.berry.categories.add(CategoryFactory(name_ru="Болотные"))

    assert find_titles("болотные") == ["Ягода"]


def test_a_renamed_category_is_found_by_its_new_name():
    from search.tasks import index_category

    category = CategoryFactory(name_ru="Болотные")
    BerryPageFactory(title="Ягода", berry=BerryFactory(categories=[category]))
    Category.objects.filter(pk=category.pk).update(name_ru="Таёжные")
    for _again in range(2):
        index_category(category.pk)

    assert find_titles("таежные") == ["Ягода"]
    assert find_titles("болотные") == []


def test_a_deleted_page_is_gone():
    page = ArticlePageFactory(title="Морошка")
    page.delete()

    assert find_titles("морошка") == []


def test_stock_changes_nothing_in_what_is_found():
    page = make_offered_berry(kind_ru="Морошка", stock=1)
    take_stock(wanted={page.berry.packs.get().pk: 1}, reference="test")

    assert find_titles("морошка") == [page.title]


# --- Rebuilding -----------------------------------------------------------------------


def test_a_rebuild_brings_back_what_is_missing_and_drops_what_is_gone():
    page = BerryPageFactory(title="Морошка")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM wagtailsearch_indexentry WHERE object_id = %s", [str(page.pk)])
        cursor.execute("UPDATE wagtailsearch_indexentry SET object_id = '999999' WHERE berry_id = 0")
    call_command("update_index", verbosity=0)

    assert find_titles("морошка") == ["Морошка"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM wagtailsearch_indexentry WHERE object_id = '999999'")
        assert cursor.fetchone() == (0,)


def test_a_rebuild_reads_every_chunk(capsys):
    for number in range(5):
        BerryPageFactory(title=f"Морошка {number}")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM wagtailsearch_indexentry")
    call_command("update_index", verbosity=0, chunk_size=2)

    assert find(query="морошка", language="ru").total == 5


@pytest.mark.django_db(transaction=True)
def test_searches_go_on_finding_while_the_index_is_rebuilt():
    for number in range(6):
        BerryPageFactory(title=f"Морошка {number}")
    done, totals = Event(), []

    def read():
        try:
            while not done.is_set():
                totals.append(find(query="морошка", language="ru").total)
        finally:
            connections.close_all()

    reader = Thread(target=read)
    reader.start()
    for _again in range(2):
        call_command("update_index", verbosity=0, chunk_size=2)
    done.set()
    reader.join()

    assert set(totals) == {6}


# --- Other backends -----------------------------------------------------------------------


def test_any_backend_of_wagtail_may_stand_in():
    """Its own database backend knows nothing of ours, just as OpenSearch would not."""
    with override_settings(
        WAGTAILSEARCH_BACKENDS={
            "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "russian"}
        }
    ):
        assert not isinstance(get_search_backend(), SearchBackend)
        page = make_offered_berry(kind_ru="Морошка")
        article = ArticlePageFactory(title="Сад и морошка")
        found = find(query="морошку", language="ru")

        assert found.berries == [page.pk]
        assert found.articles == [article.pk]
        assert (found.total, found.articles_total) == (1, 1)
        assert [hit.page_id for hit in suggest(prefix="моро", language="ru").berries] == [page.pk]


# --- Suggestions ---------------------------------------------------------------------------


def test_suggests_pages_of_each_kind_and_words():
    berry = make_offered_berry(kind_ru="Морошка")
    category = CategoryPageFactory(title="Морошковые")
    article = ArticlePageFactory(title="О пользе морошки")

    suggested = suggest(prefix="морош", language="ru")

    assert [(one.page_id, one.berry_id) for one in suggested.berries] == [(berry.pk, berry.berry_id)]
    assert [one.page_id for one in suggested.categories] == [category.pk]
    assert [one.title for one in suggested.articles] == [article.title]
    assert suggested.berries[0].url == berry.get_url()
    assert "морошка" in suggested.words


@pytest.mark.parametrize("prefix", ["vjhj", "moro", "МОРО", "морошка", "марошка", "морошку"])
def test_suggests_in_whatever_letters(prefix):
    page = make_offered_berry(kind_ru="Морошка")

    assert [one.page_id for one in suggest(prefix=prefix, language="ru").berries] == [page.pk]


def test_suggests_what_a_search_would_find_where_no_title_begins_so():
    page = BerryPageFactory(title="Клюква", berry=BerryFactory(kind_ru="Клюква", tags=[Tag.SOUR]))

    assert [one.page_id for one in suggest(prefix="кислая", language="ru").berries] == [page.pk]


def test_suggests_few():
    for number in range(9):
        BerryPageFactory(title=f"Морошка {number}", berry=BerryFactory(kind_ru="Морошка"))
        ArticlePageFactory(title=f"Морошка {number}")

    suggested = suggest(prefix="мо", language="ru")

    assert len(suggested.berries) == 5
    assert len(suggested.articles) == 3
    assert len(complete_others("мо", "ru")) == 9


def test_what_is_in_stock_is_suggested_before_what_is_sold_out():
    sold_out = [make_offered_berry(kind_ru="Морошка", stock=0) for _ in range(5)]
    in_stock = make_offered_berry(kind_ru="Морошка")

    suggested = [one.page_id for one in suggest(prefix="моро", language="ru").berries]

    assert suggested == [in_stock.pk, *(page.pk for page in sold_out[:4])]


def test_neither_drafts_nor_what_is_not_sold_is_suggested():
    BerryPageFactory(title="Морошка", live=False)
    BerryPageFactory(title="Морошка", berry=BerryFactory(is_active=False))
    PackFactory(berry=BerryFactory(kind_ru="Морошка"))

    assert suggest(prefix="морош", language="ru").berries == []
