"""axe finds nothing on our own screens of the admin that it doesn't find on Wagtail's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import Violation, find_violations
from tests.journeys.stack import Shop
from tests.journeys.staff import find_page_id, sign_in

pytestmark = pytest.mark.journey
# Wagtail's own: lists, a report, a form with all of its widgets.
WAGTAILS = ("images/", "reports/site-history/", "redirects/", "pages/{front}/edit/")
OURS = (
    "",
    "newsletter/",
    "reports/searches/",
    "snippets/shop/mismatch/",
    "pages/{catalog}/",
    "pages/add/shop/berrypage/{catalog}/",
    "snippets/shop/berry/",
)


def look(page: Page, shop: Shop, path: str, places: dict[str, int]) -> list[Violation]:
    page.goto(f"{shop.url}/admin/{path.format(**places)}")
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": 1280, "height": 900})
    return find_violations(page)


def test_our_screens_add_no_violation_to_wagtails(shop: Shop, desk: Callable[[], Page]) -> None:
    page = desk()
    sign_in(page, shop, "owner")
    catalog = find_page_id(page, shop, "catalog")
    places = {"catalog": catalog, "front": find_page_id(page, shop, "anyberry-ru")}
    known = {found.rule for path in WAGTAILS for found in look(page, shop, path, places)}

    added = [found for path in OURS for found in look(page, shop, path, places) if found.rule not in known]

    assert not added, "\n".join(map(str, added))
