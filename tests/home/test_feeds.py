import xml.etree.ElementTree as ET

import pytest
from pytest_django.asserts import assertNotContains

from tests.factories.catalog import BerryPageFactory, PackFactory, make_offered_berry

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return ET.fromstring(response.content)  # noqa: S314  our own


def test_rss_tells_of_each_berry_in_the_language(client, settings):
    page = make_offered_berry(kind_ru="Клубника <&]]>", kind_en="Strawberry")
    BerryPageFactory(berry=page.berry, language="en")

    [item] = read(client, "/feed/").iter("item")

    assert item.findtext("title") == "Клубника <&]]>"
    assert item.findtext("link") == f"{settings.SITE_URL}{page.url}"
    assert "390" in item.findtext("description")
    assertNotContains(client.get("/feed/"), "Strawberry")
    assert [item.findtext("title") for item in read(client, "/en/feed/").iter("item")] == ["Strawberry"]


def test_a_guid_outlives_the_address(client):
    page = make_offered_berry()
    before = [item.findtext("guid") for item in read(client, "/feed/").iter("item")]
    page.slug = "another"
    page.save()

    [item] = read(client, "/feed/").iter("item")

    assert [item.findtext("guid")] == before
    assert item.find("guid").get("isPermaLink") == "false"


def test_both_kinds_name_their_own_address(client, settings):
    make_offered_berry()
    rss, atom = read(client, "/feed/"), read(client, "/en/feed/atom/")

    assert rss.find(f"channel/{ATOM}link").get("href") == f"{settings.SITE_URL}/feed/"
    links = {link.get("rel"): link.get("href") for link in atom.iterfind(f"{ATOM}link")}
    assert links["self"] == f"{settings.SITE_URL}/en/feed/atom/"


def test_newest_come_first_and_no_more_than_twenty(client):
    pages = [make_offered_berry() for _ in range(21)]

    links = [item.findtext("link") for item in read(client, "/feed/").iter("item")]

    assert len(links) == 20
    assert links[0].endswith(pages[-1].url)


def test_leaves_out_drafts_and_what_is_not_sold(client):
    page = make_offered_berry()
    page.unpublish()
    make_offered_berry(is_active=False)

    assert list(read(client, "/feed/").iter("item")) == []


def test_a_reader_that_has_it_is_told_so(client):
    page = BerryPageFactory()
    pack = PackFactory(berry=page.berry, stock=3)
    first = client.get("/feed/")
    tag = first.headers["ETag"]

    assert client.get("/feed/", headers={"If-None-Match": tag}).status_code == 304
    assert "Last-Modified" in first.headers

    pack.price = 555
    pack.save()
    assert client.get("/feed/", headers={"If-None-Match": tag}).status_code == 200


def test_a_feed_sets_no_cookie(client):
    make_offered_berry()
    response = client.get("/feed/")

    assert not response.cookies
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert "max-age=300" in response.headers["Cache-Control"]
