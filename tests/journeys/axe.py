"""What axe says of a page."""

from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BAR = 200
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Violation(NamedTuple):
    """One element that breaks a rule."""

    rule: str
    html: str
    where: str


def find_violations(page: Page) -> list[Violation]:
    """What axe says of the page.

    The window is made as tall as the page: what a fixed bar covers can be scrolled from under it,
    which axe can't know.
    """
    # A click waits until the next page has begun, not until there is something in it.
    page.wait_for_load_state()
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": height + BAR})
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        Violation(rule["id"], node["html"][:120], f"{page.url} {node['target']}")
        for rule in found
        for node in rule["nodes"]
    ]
