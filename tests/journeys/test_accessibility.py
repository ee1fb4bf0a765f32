"""axe finds nothing to complain about, in either theme, on any page of the way to a paid order."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import Violation, find_violations
from tests.journeys.shopper import Shopper
from tests.journeys.stack import Shop

pytestmark = pytest.mark.journey


def check_page(shopper: Shopper, path: str) -> list[str]:
    shopper.open(path)
    return find_violations(shopper.page)


def find_code_violations(page: Page) -> list[Violation]:
    """What axe says of the page that asks for the code of a mail."""
    expect(page.locator("input[name=code]")).to_be_visible()
    return find_violations(page)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_have_no_violation(shop: Shop, visit: Callable[..., Page], language: str) -> None:
    page = visit()
    shopper = Shopper(shop, page, language)
    found = [
        line
        for path in (
            "/",
            "/catalog/",
            "/season/",
            "/account/login/",
            "/account/signup/",
            "/account/login/code/",
            "/account/password/reset/",
        )
        for line in check_page(shopper, path)
    ]

    shopper.choose_berry()
    found += find_violations(page)
    shopper.press_add()
    shopper.register(look=lambda: found.extend(find_code_violations(page)))
    found += check_page(shopper, "/cart/")
    shopper.fill_checkout()
    found += find_violations(page)
    shopper.place_order()
    found += find_violations(page)
    found += check_page(shopper, "/orders/")
    page.locator("main a[href*='/orders/AB-']").first.click()
    found += find_violations(page)
    found += check_page(shopper, "/favorites/")
    found += check_page(shopper, "/account/")

    assert not found, "\n".join(map(str, found))


def test_axe_complains_of_a_page_that_deserves_it(visit: Callable[..., Page]) -> None:
    page = visit()
    page.set_content("<html><body><img src='data:,'><input></body></html>")

    assert find_violations(page) != []


def test_axe_complains_of_what_can_be_read_by_day_alone(visit: Callable[..., Page]) -> None:
    page = visit()
    page.set_content(
        "<html lang=en><title>Berries</title>"
        "<style>@media (prefers-color-scheme: dark) { p { color: #aaa; } }</style>"
        "<body><main><h1>Berries</h1><p>Raspberries</p></main></body></html>"
    )

    assert {found[:2] for found in find_violations(page)} == {("dark", "color-contrast")}
