"""What axe says of a page, in both themes."""

from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BAR = 200
TELL = {"resultTypes": ["violations"]}  # of what passes, axe would write a report as long as the page
ALL_RULES = TELL | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOR_RULES = TELL | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class Violation(NamedTuple):
    """One element that breaks a rule."""

    rule: str
    html: str
    where: str


def find_violations(page: Page) -> list[Violation]:
    """What axe says of the page in the light theme, and of its colors in the dark one.

    The window is made as tall as the page: what a fixed bar covers can be scrolled from under it,
    which axe can't know. Nothing moves meanwhile, or colors would be judged half way.
    """
    # A click waits until the next page has begun, not until there is something in it.
    page.wait_for_load_state()
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": height + BAR})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = ask_axe(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    return found + ask_axe(page, COLOR_RULES)


def ask_axe(page: Page, options: dict[str, Any]) -> list[Violation]:
    """What axe says of the page as it is."""
    return [
        Violation(rule["id"], node["html"][:120], f"{page.url} {node['target']}")
        for rule in Axe().run(page, options=options).response["violations"]
        for node in rule["nodes"]
    ]
