"""What every page shows is asked for once in a while, and is never older than its last change."""

import pytest
from django.core.cache import cache
from wagtail.models import Site

from core.kept import PREFIX, SITE, forget, keep
from core.models import SellerSettings
from tests.factories.catalog import get_catalog_page, get_front_page, make_offered_berry

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    return []


def ask(asked, answer="raspberry"):
    asked.append(answer)
    return answer


def test_what_is_kept_is_read_once(asked):
    assert [keep("berry", lambda: ask(asked)) for _ in range(3)] == ["raspberry"] * 3
    assert asked == ["raspberry"]


def test_that_there_is_nothing_is_kept_too(asked):
    assert [keep("berry", lambda: ask(asked, None)) for _ in range(3)] == [None] * 3
    assert asked == [None]


def test_what_is_forgotten_is_read_anew(asked, django_capture_on_commit_callbacks):
    keep("berry", lambda: ask(asked))
    with django_capture_on_commit_callbacks(execute=True):
        forget("berry")
        keep("berry", lambda: ask(asked, "what was before the commit"))

    assert keep("berry", lambda: ask(asked, "blueberry")) == "blueberry"


def test_the_seller_changes_on_the_next_page(client):
    get_catalog_page()
    client.get("/catalog/")
    seller = SellerSettings.for_site(Site.objects.get())
    seller.phone = "+7 495 000-00-00"
    seller.save()

    assert "+7 495 000-00-00" in client.get("/catalog/").content.decode()


def test_a_menu_changes_on_the_next_page(client):
    catalog = get_catalog_page()
    catalog.show_in_menus = True
    catalog.save()
    client.get("/catalog/")
    catalog.title = "Все ягоды лета"
    catalog.save()

    assert "Все ягоды лета" in client.get("/").content.decode()


def test_a_translation_is_linked_as_soon_as_it_is_there(client):
    page = make_offered_berry()
    client.get(page.url)
    english = get_catalog_page("en")
    twin = page.copy_for_translation(english.locale)
    twin.slug, twin.live = "the-berry", True
    twin.save()

    assert "/en/catalog/the-berry/" in client.get(page.url).content.decode()

    twin.delete()

    assert "/en/catalog/the-berry/" not in client.get(page.url).content.decode()


def test_a_second_site_is_told_apart_by_its_host(client):
    front = get_front_page()
    client.get("/")
    assert cache.get(PREFIX + SITE) == (Site.objects.get(),)

    Site.objects.create(hostname="other.example", root_page=front)

    assert client.get("/").wsgi_request._wagtail_site.hostname == "localhost"
    other = client.get("/", headers={"host": "other.example"}).wsgi_request
    assert other._wagtail_site.hostname == "other.example"
