"""The buttons of a card do what they say; where a berry stands on a page twice, both of its cards agree."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.stack import Shop
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.journey
# What a second block of an editor does: the same card once more, before the first one.
DOUBLE = "card => { const twin = card.cloneNode(true); card.before(twin); htmx.process(twin); }"


@pytest.fixture
def cards(shop: Shop, visit: Callable[..., Page]) -> Locator:
    """The two cards of one berry, before the eyes of somebody who has nothing of it yet."""
    page = visit(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    sign_in(page, shop, "shopper")
    page.goto(f"{shop.url}/catalog/?in_stock=on")
    card = page.locator(".berry-card:not(:has(any-stepper)):has([aria-pressed=false])").first
    title = card.locator(".berry-card__title").inner_text()
    card.evaluate(DOUBLE)
    return page.locator(".berry-card", has_text=title)


def test_the_button_that_was_pressed_becomes_the_stepper(cards: Locator) -> None:
    pressed, twin = cards.nth(1), cards.nth(0)

    pressed.get_by_role("button", name="В корзину").click()

    expect(pressed.locator("[name=step][value='1']")).to_be_focused()
    expect(twin.locator("any-stepper input")).to_have_value("1")

    twin.locator("[name=step][value='1']").click()

    expect(twin.locator("any-stepper input")).to_have_value("2")
    expect(pressed.locator("any-stepper input")).to_have_value("2")
    expect(twin.locator("[name=step][value='1']")).to_be_focused()

    twin.locator("any-stepper input").fill("4")
    twin.locator("any-stepper input").press("Enter")

    expect(pressed.locator("any-stepper input")).to_have_value("4")

    pressed.locator("any-stepper input").fill("0")
    pressed.locator("any-stepper input").press("Enter")

    expect(cards.get_by_role("button", name="В корзину")).to_have_count(2)


def test_both_hearts_beat_alike(cards: Locator) -> None:
    hearts = cards.locator("button.heart")

    hearts.nth(1).click()

    expect(hearts.nth(1)).to_be_focused()
    for number in range(2):
        expect(hearts.nth(number)).to_have_attribute("aria-pressed", "true")

    hearts.nth(0).click()

    expect(hearts.nth(0)).to_be_focused()
    for number in range(2):
        expect(hearts.nth(number)).to_have_attribute("aria-pressed", "false")
