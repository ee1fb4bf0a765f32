import pytest
from django.utils.translation import override

from core.routing import find_page
from tests.factories.catalog import BerryPageFactory, get_catalog_page, make_offered_berry

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    page = make_offered_berry(code="raspberry")
    BerryPageFactory(berry=page.berry, language="en", slug="raspberries")
    page.get_url()  # fills Wagtail's cache of sites
    return page


def test_a_page_and_the_one_above_it_are_found_in_two_queries(page, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = find_page("catalog/raspberry/")
        assert found.berry == page.berry
        assert found.get_parent().title == "Каталог"

    assert found == page


def test_an_address_is_looked_up_in_the_active_language(page):
    with override("en"):
        assert find_page("catalog/raspberries/").locale.language_code == "en"
        assert find_page("catalog/raspberry/") is None


@pytest.mark.parametrize(
    "path", ["", "nothing/", "catalog/nothing/", "raspberry/", "front/catalog/raspberry/"]
)
def test_what_is_no_page_below_the_front_page_is_left_to_wagtail(page, path):
    assert find_page(path) is None


def test_drafts_are_not_found(client, page):
    page.unpublish()

    assert find_page("catalog/raspberry/") is None
    assert client.get("/catalog/raspberry/").status_code == 404


def test_the_sites_pages_answer_under_their_addresses(client, page):
    assert client.get("/catalog/").context["page"] == get_catalog_page("ru")
    assert client.get("/en/catalog/raspberries/").context["page"].berry == page.berry
    assert client.get("/catalog/nothing/").status_code == 404
