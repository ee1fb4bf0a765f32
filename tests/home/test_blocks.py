"""The parts that editors build pages of."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from core.blocks import ARTICLE_BLOCKS
from core.models import SellerSettings
from home.journal.models import ArticlePage
from home.pages.blocks import FRONT_BLOCKS
from home.pages.blocks.berries import Rule
from home.pages.blocks.link import LinkBlock
from home.pages.services import Wish, find_berry_pages
from home.templatetags.home_ui import link_url
from shop.catalog.renditions import make_renditions
from shop.catalog.services import take_stock
from tests.factories.accounts import UserFactory
from tests.factories.catalog import (
    HERO,
    LINK,
    BerryPageFactory,
    CategoryFactory,
    LotFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.orders import ZoneFactory
from tests.factories.pages import StandardPageFactory

pytestmark = pytest.mark.django_db
# What front and standard pages may hold, and articles beside that.
BLOCKS = dict(FRONT_BLOCKS) | ArticlePage.body.field.stream_block.child_blocks
# Parts that show nothing while the shop has nothing for them.
FOUND_BY_THEMSELVES = {"articles", "categories", "season"}
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def add_picture():
    """A picture in the library, with all its sizes, as after publishing."""
    make_renditions(get_image_model().objects.create(title="Клубника", file=get_test_image_file()))


@pytest.mark.parametrize(("name", "block"), BLOCKS.items())
def test_every_block_tells_editors_what_it_is(name, block):
    assert block.meta.description
    assert block.meta.icon != "placeholder"
    assert len((TEMPLATES / block.meta.template).read_text().splitlines()) <= 30


@pytest.mark.parametrize(("name", "block"), BLOCKS.items())
def test_editors_see_each_block_before_they_choose_it(client, name, block):
    make_offered_berry()
    ZoneFactory()
    add_picture()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert block.is_previewable

    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assertContains(response, "css/site.css")
    shown = response.content.decode().partition("<main>")[2].partition("</main>")[0]
    assert strip_tags(shown).strip() or name in FOUND_BY_THEMSELVES


@pytest.mark.parametrize("name", ["picture", "gallery"])
def test_a_picture_is_previewed_with_the_newest_of_the_library(name):
    block = dict(ARTICLE_BLOCKS)[name]
    assert "<img" not in block.render(block.get_preview_value())

    add_picture()

    assert "<img" in block.render(block.get_preview_value())


def put(*blocks):
    front = get_front_page()
    front.body = list(blocks)
    front.save()
    return front


def test_an_empty_front_page_still_has_its_heading(client):
    put()

    assertContains(client.get("/"), "<h1", count=1)


def test_the_hero_is_the_heading(client):
    put(("hero", HERO | {"title": "Ягоды лета"}))

    response = client.get("/")

    assertContains(response, "<h1", count=1)
    assertContains(response, "Ягоды лета")


def find(rule, **wish):
    pages = find_berry_pages(Wish(rule=rule, count=8, **wish), "ru", timezone.localdate())
    return [page.pk for page in pages]


def test_berries_are_found_by_rule():
    category = CategoryFactory()
    first = make_offered_berry(categories=[category], created_at=timezone.now() - timedelta(days=9))
    second = make_offered_berry()
    sold_out = BerryPageFactory()

    assert find(Rule.NEW) == [second.pk, first.pk]
    assert find(Rule.CATEGORY, category=category) == [first.pk]
    assert find(Rule.CATEGORY) == []
    assert find(Rule.CHOSEN, berries=[sold_out.berry, first.berry]) == [sold_out.pk, first.pk]


def test_back_in_stock_are_those_that_were_gone():
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=4)):
        came_back, never_gone = make_offered_berry(stock=3), make_offered_berry(stock=3)
        pack = came_back.berry.packs.get()
        take_stock(wanted={pack.pk: 3}, reference="AB-1")
    LotFactory(pack=pack)
    LotFactory(pack=never_gone.berry.packs.get())
    make_offered_berry()  # new altogether

    assert find(Rule.BACK) == [came_back.pk]


def test_the_zones_are_those_of_the_shop(client):
    ZoneFactory(name_ru="За городом", free_from=3000, min_order=600)
    ZoneFactory(name_ru="На Луне", is_active=False)
    put(("zones", {"title": "", "text": ""}))

    response = client.get("/")

    assertContains(response, "За городом")
    assertNotContains(response, "На Луне")


@pytest.mark.parametrize("place", ["page", "address"])
def test_a_button_has_to_lead_somewhere(place):
    with pytest.raises(ValidationError):
        LinkBlock().clean(LinkBlock().to_python(LINK | {"place": place}))


def test_a_button_leads_to_the_page_in_the_visitors_language(client):
    page = StandardPageFactory(slug="o-nas")

    assert link_url(Context(), LINK | {"place": "page", "page": page}) == "/o-nas/"
    assert link_url(Context(), LINK | {"place": "page"}) == ""
    assert link_url(Context(), LINK | {"place": "season"}) == "/season/"


def test_a_picture_needs_words():
    block = dict(FRONT_BLOCKS)["hero"]
    with pytest.raises(ValidationError):
        block.clean(block.to_python(HERO | {"image": None}) | {"image": object()})


# --- Settings of every page -----------------------------------------------------------


def set_up(**values):
    get_front_page()
    SellerSettings.objects.update_or_create(site=Site.objects.get(is_default_site=True), defaults=values)


def test_the_banner_is_seen_until_its_last_day(client):
    today = timezone.localdate()
    set_up(banner_ru="Клюква приехала", banner_until=today)
    assertContains(client.get("/"), "Клюква приехала")

    set_up(banner_ru="Клюква приехала", banner_until=today - timedelta(days=1))
    assertNotContains(client.get("/"), "Клюква приехала")


def test_the_settings_name_the_menus(client):
    page = StandardPageFactory(title="О нас", slug="o-nas")
    StandardPageFactory(title="Оферта")
    entry = {"page": page, "address": "", "title_ru": "Кто мы", "title_en": ""}
    elsewhere = {"page": None, "address": "https://farm.example/", "title_ru": "Ферма", "title_en": "Farm"}
    set_up(header_menu=[("entry", entry), ("entry", elsewhere)], footer_menu=[("entry", entry)])

    context = client.get("/").context

    assert [(link.title, link.url) for link in context["menu_links"]()] == [
        ("Кто мы", "/o-nas/"),
        ("Ферма", "https://farm.example/"),
    ]
    assert [link.title for link in context["footer_links"]()] == ["Кто мы"]
