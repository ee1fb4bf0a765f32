import pytest

from tests.factories.catalog import get_catalog_page
from tests.factories.pages import StandardPageFactory, get_journal_page

pytestmark = pytest.mark.django_db


def titles(links):
    return [link.title for link in links]


def test_header_has_the_pages_that_editors_ticked_and_the_footer_all_plain_ones(client):
    get_journal_page()
    StandardPageFactory(title="О нас", show_in_menus=True)
    StandardPageFactory(title="Оферта")

    context = client.get("/journal/").context

    assert titles(context["menu_links"]()) == ["Журнал", "О нас"]
    assert titles(context["footer_links"]()) == ["О нас", "Оферта"]


def test_menus_are_of_the_language_of_the_address(client):
    get_journal_page("en")
    StandardPageFactory(title="About", language="en", show_in_menus=True)
    StandardPageFactory(title="О нас", show_in_menus=True)

    assert titles(client.get("/en/journal/").context["menu_links"]()) == ["Journal", "About"]


def test_marks_the_part_of_the_shop_the_visitor_is_in(client):
    get_journal_page()
    StandardPageFactory(title="О нас", show_in_menus=True)

    links = client.get("/journal/").context["menu_links"]()

    assert [(link.title, link.active) for link in links] == [("Журнал", True), ("О нас", False)]


def test_leaves_drafts_out(client):
    get_catalog_page()
    StandardPageFactory(title="Черновик", live=False, show_in_menus=True)

    assert "Черновик" not in titles(client.get("/").context["menu_links"]())
