"""The shop's own words: kept near, read anew when something changes, missed by nobody without Redis."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search import vocabularies
from search.models import Promotion, Synonym
from search.services import find
from search.vocabularies import forget_vocabularies, get_vocabulary
from search.vocabulary import build_vocabulary
from shop.catalog.tags import Tag
from tests.factories.catalog import BerryFactory, BerryPageFactory, CategoryFactory, make_offered_berry
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(vocabularies, "_kept", {})


def knows(word, language="ru"):
    return build_vocabulary(language).knows(word)


def test_knows_the_names_of_what_is_sold_and_the_titles_of_pages():
    BerryFactory(kind_ru="Княженика", variety_ru="Анна", origin_ru="Чукотка")
    BerryFactory(kind_ru="Ирга", is_active=False)
    CategoryFactory(name_ru="Болотные")
    ArticlePageFactory(title="Простокваша")
    ArticlePageFactory(title="Черновик", live=False)
    BerryPageFactory(title="Витязь")
    BerryPageFactory(title="Богатырь", berry=BerryFactory(is_active=False))

    known = build_vocabulary("ru")

    assert all(map(known.knows, ["княженику", "анна", "чукотки", "болотная", "простокваша", "витязя"]))
    assert not any(map(known.knows, ["ирга", "черновик", "богатырь"]))


def test_shows_a_word_as_the_catalog_writes_it():
    BerryFactory(kind_ru="Княженика")
    ArticlePageFactory(title="Сбор княженики")

    assert build_vocabulary("ru").shown["княженик"] == "княженика"


def test_numbers_are_no_words():
    BerryFactory(variety_ru="Селеченская 2", kind_ru="Смородина")

    assert ("селеченская", 5) in build_vocabulary("ru").phrases


def test_asks_a_fixed_number_of_questions():
    with CaptureQueriesContext(connection) as few:
        build_vocabulary("ru")
    for _ in range(5):
        BerryFactory()
    with CaptureQueriesContext(connection) as more:
        build_vocabulary("ru")

    assert len(more) == len(few) <= 8


def test_is_read_once_and_then_kept():
    get_vocabulary("ru")

    with CaptureQueriesContext(connection) as asked:
        get_vocabulary("ru")
        vocabularies._kept.clear()  # another process
        get_vocabulary("ru")

    assert len(asked) == 0


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_published_or_not_any_more_changes_it():
    page = ArticlePageFactory(title="Простокваша")
    get_vocabulary("ru")
    page.title = "Ряженка"
    page.save_revision().publish()
    assert get_vocabulary("ru").knows("ряженка")
    assert not get_vocabulary("ru").knows("простокваша")

    page.unpublish()
    assert not get_vocabulary("ru").knows("ряженка")


@pytest.mark.django_db(transaction=True)
def test_a_new_berry_is_a_new_word():
    get_vocabulary("ru")
    make_offered_berry(kind_ru="Княженика")

    assert find(query="княжинека", language="ru").shown_for == "княженика"


def test_what_is_rolled_back_changes_nothing(django_capture_on_commit_callbacks):
    get_vocabulary("ru")
    with django_capture_on_commit_callbacks() as callbacks:
        forget_vocabularies()

    assert callbacks
    with CaptureQueriesContext(connection) as asked:
        get_vocabulary("ru")
    assert len(asked) == 0


@pytest.mark.usefixtures("no_redis")
def test_without_redis_a_process_trusts_its_own_for_a_minute():
    get_vocabulary("ru")
    with CaptureQueriesContext(connection) as asked:
        get_vocabulary("ru")

    assert len(asked) == 0


@pytest.fixture
def no_redis(monkeypatch):
    """A cache that answers as django-redis does while Redis is away."""
    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache, name, lambda *_args, **_kwargs: None)


@pytest.mark.usefixtures("no_redis")
def test_without_redis_words_are_read_anew_after_that_minute(monkeypatch):
    monkeypatch.setattr(vocabularies, "ALONE_SECONDS", 0)
    get_vocabulary("ru")
    BerryFactory(kind_ru="Княженика")

    assert get_vocabulary("ru").knows("княженика")


@pytest.mark.usefixtures("no_redis")
def test_without_redis_a_process_sees_its_own_changes_at_once(django_capture_on_commit_callbacks):
    get_vocabulary("ru")
    with django_capture_on_commit_callbacks(execute=True):
        BerryFactory(kind_ru="Княженика")

    assert get_vocabulary("ru").knows("княженика")


def test_while_one_process_reads_the_others_use_what_they_have():
    kept = get_vocabulary("ru")
    cache.delete(vocabularies.name_version("ru"))
    cache.add(vocabularies.name_reading("ru"), 1)

    assert get_vocabulary("ru") is kept


def test_what_changes_while_the_words_are_read_is_read_next(monkeypatch):
    def build_slowly(language):
        vocabulary = build_vocabulary(language)
        BerryFactory(kind_ru="Княженика")
        vocabularies._renew_versions()
        return vocabulary

    monkeypatch.setattr(vocabularies, "build_vocabulary", build_slowly)
    assert not get_vocabulary("ru").knows("княженика")
    monkeypatch.setattr(vocabularies, "build_vocabulary", build_vocabulary)

    assert get_vocabulary("ru").knows("княженика")
    vocabularies._kept.clear()  # another process
    assert get_vocabulary("ru").knows("княженика")


# --- What editors teach ---------------------------------------------------------------------


def test_a_synonym_finds_what_it_means():
    page = make_offered_berry(kind_ru="Клубника")
    Synonym.objects.create(language="ru", typed="Виктория", means="Клубника")

    found = find(query="викторию", language="ru")

    assert found.berries == [page.pk]
    assert found.shown_for == ""
    assert find(query="виктория", language="en").berries == []


def test_a_promoted_page_comes_first():
    others = [make_offered_berry(kind_ru="Клубника") for _ in range(3)]
    article = ArticlePageFactory(title="Подарки")
    for place, page in enumerate([others[2], article]):
        Promotion.objects.create(language="ru", typed="Клубника", page=page, position=place)

    found = find(query="купить клубнику", language="ru")

    assert found.berries == [others[2].pk, others[0].pk, others[1].pk]
    assert found.articles == [article.pk]
    assert found.promoted == {others[2].pk, article.pk}
    assert (found.total, found.articles_total) == (3, 1)
    assert find(query="клубника азия", language="ru").promoted == frozenset()


def test_a_draft_is_not_promoted():
    page = BerryPageFactory(title="Клубника", live=False)
    Promotion.objects.create(language="ru", typed="подарок", page=page)

    assert find(query="подарок", language="ru").total == 0


# --- The second pass --------------------------------------------------------------------------


def test_what_was_meant_is_looked_for_where_nothing_is_found():
    page = make_offered_berry(kind_ru="Клубника")

    for typed in ("rke,ybrf", "klubnika", "клубинка", "клубн"):
        found = find(query=typed, language="ru")
        assert (found.berries, found.shown_for, found.query) == ([page.pk], "клубника", typed)


def test_exactly_what_was_typed_is_looked_for_on_demand():
    make_offered_berry(kind_ru="Клубника")

    assert find(query="клубинка", language="ru", exact=True).total == 0


@pytest.mark.parametrize("query", ["купить ягоды", "какие ягоды есть", "все ягоды", "купить недорого"])
def test_who_names_no_berry_is_shown_all_that_are_sold(query):
    pages = [make_offered_berry(kind_ru=kind) for kind in ("Клубника", "Морошка")]
    make_offered_berry(kind_ru="Ирга", is_active=False)

    found = find(query=query, language="ru")

    assert (sorted(found.berries), found.total, found.shown_for) == ([p.pk for p in pages], 2, "")


def test_of_all_that_are_sold_the_first_are_named_and_all_are_counted(monkeypatch):
    monkeypatch.setattr("search.services.MOST_FIRST", 2)
    for kind in ("Клубника", "Морошка", "Ирга"):
        make_offered_berry(kind_ru=kind)

    found = find(query="какие ягоды есть", language="ru")

    assert (len(found.berries), found.total, found.is_general) == (2, 3, True)


def test_where_editors_promote_a_berry_for_them_all_are_named(monkeypatch):
    monkeypatch.setattr("search.services.MOST_FIRST", 1)
    pages = [make_offered_berry(kind_ru=kind) for kind in ("Клубника", "Морошка", "Ирга")]
    Promotion.objects.create(language="ru", typed="ягоды", page=pages[2])

    found = find(query="ягоды", language="ru")

    assert found.berries[0] == pages[2].pk
    assert (len(found.berries), found.total, found.is_general) == (3, 3, False)


def test_only_so_many_are_named_as_are_wanted():
    for _ in range(3):
        make_offered_berry(kind_ru="Клубника")

    found = find(query="клубника", language="ru", most=2)

    assert (len(found.berries), found.total) == (2, 3)


def test_a_taste_that_is_denied_is_left_out_where_there_is_another():
    sour = make_offered_berry(kind_ru="Клюква", tags=[Tag.SOUR])
    mild = make_offered_berry(kind_ru="Клюква")

    assert find(query="не кислая клюква", language="ru").berries == [mild.pk]
    assert find(query="не кислая", language="ru").berries == [mild.pk]
    mild.unpublish()
    assert find(query="не кислая клюква", language="ru").berries == [sour.pk]


def test_every_word_is_wanted():
    make_offered_berry(kind_ru="Клубника")

    assert find(query="клубника трактор", language="ru").total == 0


def test_who_finds_nothing_is_told_the_nearest_words():
    make_offered_berry(kind_ru="Клубника")

    assert find(query="клубника трактор", language="ru").words == ["клубника"]
    assert find(query="фырчик", language="ru").words == []
