from datetime import timedelta

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from shop.catalog.renditions import make_renditions
from tests.factories.catalog import (
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory, RecipePageFactory

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
NASTY = "Ягоды & <b>соки</b> ]]> «🍓» \x0b\x1f"


def read(client, path):
    """The feed, parsed as readers do; one that isn't well-formed fails here."""
    response = client.get(path)
    assert response.status_code == 200
    feed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def fill_shop():
    category = CategoryFactory(code="garden")
    CategoryPageFactory(category=category, title="Садовые ягоды")
    page = make_offered_berry(kind_ru="Клубника", categories=[category])
    ArticlePageFactory(title="О зиме")
    return page


ALL_FEEDS = [f"/feed/{name}{kind}" for name in ("", "journal/", "category/garden/") for kind in ("", "atom/")]


@pytest.mark.parametrize("path", ALL_FEEDS)
def test_every_feed_is_valid_and_names_itself(client, settings, path):
    fill_shop()
    feed = read(client, path)

    assert feed.feed.title
    assert feed.feed.language == "ru"
    links = {link["rel"]: link["href"] for link in feed.feed.links}
    assert links["self"] == f"{settings.SITE_URL}{path}"
    assert len(feed.entries) == 1
    entry = feed.entries[0]
    assert entry.link.startswith(settings.SITE_URL)
    assert entry.id.startswith("tag:anyberry,2026:")
    assert entry.published_parsed


@pytest.mark.parametrize("path", ALL_FEEDS)
def test_nasty_titles_break_no_feed(client, path):
    page = fill_shop()
    for row in (page, *ArticlePageFactory._meta.model.objects.all()):
        row.title = row.lead = NASTY
        row.save(clean=False)

    entry = read(client, path).entries[0]

    assert "]]>" in entry.title
    assert "🍓" in entry.title


def test_a_feed_speaks_the_language_of_its_address(client):
    page = make_offered_berry(kind_ru="Клубника", kind_en="Strawberry")
    BerryPageFactory(berry=page.berry, language="en")

    assert [entry.title for entry in read(client, "/feed/").entries] == ["Клубника"]
    english = read(client, "/en/feed/")
    assert [entry.title for entry in english.entries] == ["Strawberry"]
    assert "₽390" in english.entries[0].description


def test_an_id_outlives_the_address_and_differs_by_language(client):
    page = make_offered_berry()
    BerryPageFactory(berry=page.berry, language="en")
    before = read(client, "/feed/").entries[0].id
    page.slug = "another"
    page.save()

    assert read(client, "/feed/").entries[0].id == before
    assert read(client, "/en/feed/").entries[0].id != before
    assertContains(client.get("/feed/"), 'isPermaLink="false"')


def test_newest_come_first_and_no_more_than_twenty(client):
    pages = [make_offered_berry() for _ in range(21)]

    links = [entry.link for entry in read(client, "/feed/").entries]

    assert len(links) == 20
    assert links[0].endswith(pages[-1].url)


def test_leaves_out_drafts_and_what_is_not_sold(client):
    page = make_offered_berry()
    page.unpublish()
    make_offered_berry(is_active=False)
    ArticlePageFactory(live=False)

    assert read(client, "/feed/").entries == []
    assert read(client, "/feed/journal/").entries == []


def test_a_category_has_its_own_berries_alone(client):
    fill_shop()
    make_offered_berry(kind_ru="Черника")

    assert [entry.title for entry in read(client, "/feed/category/garden/").entries] == ["Клубника"]
    assert client.get("/feed/category/nonsense/").status_code == 404
    assert client.get("/en/feed/category/garden/").status_code == 404
    assertContains(client.get("/catalog/garden/"), 'href="/feed/category/garden/"')


def test_the_journal_tells_of_recipes_too(client):
    ArticlePageFactory(title="О зиме", published_on=timezone.localdate() - timedelta(days=2))
    RecipePageFactory(title="Морс", published_on=timezone.localdate())

    entries = read(client, "/feed/journal/").entries

    assert [(entry.title, entry.tags[0].term) for entry in entries] == [
        ("Морс", "Рецепты"),
        ("О зиме", "Статьи"),
    ]


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/"])
def test_an_entry_has_one_picture_with_its_size(client, settings, path):
    image = get_image_model().objects.create(title="Клубника", file=get_test_image_file())
    make_renditions(image)
    page = make_offered_berry()
    page.picture = image
    page.save()

    [enclosure] = read(client, path).entries[0].enclosures

    assert enclosure.href.startswith(f"{settings.SITE_URL}/media/")
    assert int(enclosure.length) > 100
    assert enclosure.type == "image/jpeg"


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/"])
def test_a_reader_that_has_it_is_told_so(client, path):
    page = BerryPageFactory()
    pack = PackFactory(berry=page.berry, stock=3)
    first = client.get(path)
    tag = first.headers["ETag"]

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    known = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(path, headers=known).status_code == 304

    pack.price = 555
    pack.save()
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/feed/", "/feed/journal/", "/feed/category/garden/"])
def test_a_person_gets_a_page(client, path):
    page = fill_shop()

    response = client.get(path, headers={"Accept": BROWSER})

    assertContains(response, f"http://127.0.0.1:8000{path}")
    assertContains(response, page.title if path != "/feed/journal/" else "О зиме")
    assert response["Content-Type"].startswith("text/html")
    assert "Accept" in response["Vary"]


def test_a_page_for_people_is_kept_for_nobody_else(client):
    fill_shop()

    response = client.get("/feed/", headers={"Accept": BROWSER})

    assert response["Cache-Control"] == "private"
    assert {"Accept", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize(
    "accept", ["*/*", "application/rss+xml, text/html;q=0.5", "application/atom+xml", "nonsense"]
)
def test_a_reader_gets_xml(client, accept):
    fill_shop()

    response = client.get("/feed/", headers={"Accept": accept})

    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"


def test_a_feed_sets_no_cookie_and_may_be_kept(client):
    make_offered_berry()
    response = client.get("/feed/")

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert set(response.headers["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    assertContains(response, '<?xml-stylesheet href="/static/css/pages/feed.css"')


def test_every_page_leads_readers_to_the_feeds(client):
    get_front_page()
    get_front_page("en")

    front = client.get("/")
    for feed in ("", "journal/", "newsletter/"):
        assertContains(front, f'href="/feed/{feed}"')
        assertContains(front, f'href="/feed/{feed}atom/"')
    english = client.get("/en/")
    assertContains(english, 'href="/en/feed/"')
    assertNotContains(english, 'href="/feed/"')


@pytest.mark.parametrize("path", ALL_FEEDS)
def test_queries_do_not_grow_with_the_items(client, path):
    def count():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    page = fill_shop()
    once = count()
    for _ in range(3):
        make_offered_berry(categories=list(page.berry.categories.all()))
        ArticlePageFactory()

    assert count() == once <= 8
