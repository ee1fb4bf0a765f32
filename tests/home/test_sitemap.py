import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.pages import sitemaps
from tests.factories.catalog import BerryPageFactory, make_offered_berry
from tests.factories.pages import StandardPageFactory

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def read(client, path="/sitemap.xml"):
    """The alternates of each address, by address."""
    root = ET.fromstring(client.get(path).content)  # noqa: S314  our own
    return {
        url.findtext(f"{MAP}loc"): {link.get("hreflang"): link.get("href") for link in url.iterfind(LINK)}
        for url in root.iterfind(f"{MAP}url")
    }


def test_lists_both_trees_with_their_alternates(client):
    page = make_offered_berry()
    english = BerryPageFactory(berry=page.berry, language="en")

    entries = read(client)

    versions = {"ru": page.full_url, "en": english.full_url, "x-default": page.full_url}
    assert entries[page.full_url] == entries[english.full_url] == versions
    assert "/en/" in english.full_url


def test_a_page_in_one_language_names_no_other(client):
    page = StandardPageFactory()

    assert read(client)[page.full_url] == {"ru": page.full_url, "x-default": page.full_url}


def test_leaves_drafts_out(client):
    draft = StandardPageFactory(live=False)
    page = make_offered_berry()

    entries = read(client)

    assert page.full_url in entries
    assert draft.full_url not in entries


def test_every_address_answers(client):
    page = make_offered_berry()
    BerryPageFactory(berry=page.berry, language="en")
    StandardPageFactory()

    for address in read(client):
        assert client.get(address).status_code == 200


def test_a_long_one_becomes_an_index_of_files(client, monkeypatch):
    monkeypatch.setattr(sitemaps.PagesSitemap, "limit", 2)
    StandardPageFactory()
    StandardPageFactory()

    index = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  our own
    files = [part.findtext(f"{MAP}loc") for part in index.iterfind(f"{MAP}sitemap")]

    assert len(files) == 2
    assert sum(len(read(client, file)) for file in files) == 3 + 2 * len(sitemaps.PLACES)


def test_a_file_that_is_none_is_not_found(client):
    StandardPageFactory()

    assert client.get("/sitemap-pages.xml").status_code == 200
    assert client.get("/sitemap-nothing.xml").status_code == 404
    for number in ("abc", "0", "99", "1000000000"):
        assert client.get("/sitemap-pages.xml", {"p": number}).status_code == 404


def test_queries_do_not_grow_with_the_pages(client):
    StandardPageFactory()
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    for _ in range(6):
        StandardPageFactory()
    with CaptureQueriesContext(connection) as many:
        read(client)

    assert len(many) == len(few)


def test_the_season_calendar_is_listed_in_both_languages(client):
    make_offered_berry()

    addresses = [address for address in read(client) if address.endswith("/season/")]

    assert [address.removeprefix(settings.SITE_URL) for address in addresses] == ["/season/", "/en/season/"]
