"""Counters, Disqus and sharing in a browser: nothing is asked of anybody before the visitor agrees.

The services are played by the browser itself: no request leaves the machine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.stack import Shop
from tests.journeys.staff import set_publicity

pytestmark = pytest.mark.journey
SWITCHED_ON = {"metrica_id": "12345678", "analytics_id": "G-BERRY12345", "disqus_shortname": "anyberry"}
TOLD = "dataLayer.filter((told) => told.ecommerce).map((told) => Object.keys(told.ecommerce))"
METRICA = "https://mc.yandex.ru/metrika/tag.js"
GOOGLE = "https://www.googletagmanager.com/gtag/js?id=G-BERRY12345"
DISQUS = "https://anyberry.disqus.com/embed.js"


@pytest.fixture
def counters() -> Iterator[None]:
    """The shop with two counters and Disqus; without any afterwards."""
    set_publicity(SWITCHED_ON)
    yield
    set_publicity(dict.fromkeys(SWITCHED_ON, ""))


@dataclass
class World:
    """All that is not the shop, as a visitor's browser sees it: it answers with empty scripts."""

    asked: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.fulfill(content_type="text/javascript", body="")


@pytest.fixture
def reader(shop: Shop, visit: Callable[..., Page]) -> tuple[Page, World]:
    """A visitor, and the world outside."""
    page, world = visit(), World()
    page.route(lambda url: not url.startswith((shop.url, "data:", "blob:")), world.answer)
    return page, world


def open_article(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.url}/journal/klyukvennyj-mors/")


def list_loaded(page: Page, world: World) -> set[str]:
    """What the page has asked of others by the time it is at rest."""
    page.wait_for_load_state("networkidle")
    return {url.split("?timestamp")[0] for url in world.asked}


def test_nothing_is_loaded_before_a_visitor_agrees_nor_after_they_refuse(
    shop: Shop, counters: None, reader: tuple[Page, World]
) -> None:
    page, world = reader
    open_article(page, shop)
    notice = page.locator("any-consent")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("Яндекс Метрика, Google Analytics")
    agree, refuse = page.locator("[data-choice=yes]"), page.locator("[data-choice=no]")
    assert agree.get_attribute("class") == refuse.get_attribute("class")
    assert list_loaded(page, world) == set()

    refuse.click()
    expect(notice).to_be_hidden()
    open_article(page, shop)
    expect(notice).to_be_hidden()
    assert list_loaded(page, world) == set()


def test_a_visitor_agrees_to_be_counted_and_changes_their_mind(
    shop: Shop, counters: None, reader: tuple[Page, World]
) -> None:
    page, world = reader
    open_article(page, shop)
    page.locator("[data-choice=yes]").click()
    expect(page.locator("script[src^='https://']")).to_have_count(2)
    assert list_loaded(page, world) == {METRICA, GOOGLE}

    world.asked.clear()
    open_article(page, shop)
    assert list_loaded(page, world) == {METRICA, GOOGLE}

    world.asked.clear()
    page.locator(".consent-again button").click()
    with page.expect_navigation():
        page.locator("[data-choice=no]").click()
    assert list_loaded(page, world) == set()
    expect(page.locator("script[src^='https://']")).to_have_count(0)


def test_the_comments_alone_are_loaded_here_and_on_later_pages_until_the_visitor_has_enough(
    shop: Shop, counters: None, reader: tuple[Page, World]
) -> None:
    page, world = reader
    open_article(page, shop)
    page.locator("[data-choice=no]").click()
    page.locator(".disqus__ask button").click()
    expect(page.locator("script[src^='https://']")).to_have_count(1)
    assert list_loaded(page, world) == {DISQUS}

    world.asked.clear()
    open_article(page, shop)
    expect(page.locator(".disqus__ask")).to_be_hidden()
    assert list_loaded(page, world) == {DISQUS}

    world.asked.clear()
    with page.expect_navigation():
        page.locator(".disqus__leave button").click()
    expect(page.locator(".disqus__ask")).to_be_visible()
    assert list_loaded(page, world) == set()


def test_a_berry_that_is_looked_at_is_told_to_the_counters_once(
    shop: Shop, counters: None, reader: tuple[Page, World]
) -> None:
    page, _world = reader
    page.goto(f"{shop.url}/catalog/?in_stock=on")
    page.locator(".berry-card a").first.click()
    page.locator("[data-choice=yes]").click()
    page.wait_for_function("window.dataLayer?.some((told) => told.ecommerce)")

    assert page.evaluate(TOLD) == [["currencyCode", "detail"]]


def test_sharing_asks_nobody_else(shop: Shop, reader: tuple[Page, World]) -> None:
    page, world = reader
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_article(page, shop)
    hosts = page.locator("any-share a").evaluate_all("links => links.map((link) => new URL(link.href).host)")
    assert hosts == ["t.me", "vk.com"]
    page.locator(".share__copy").click()

    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert world.asked == []
    expect(page.locator("any-consent")).to_have_count(0)
