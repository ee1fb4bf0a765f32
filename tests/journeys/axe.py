"""What axe says of a page, in both themes."""

from typing import Any, Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BAR = 200
# Colors that change with the theme may take their time, also where motion is reduced.
SETTLE = """async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changes.map((one) => one.finished));
}"""
TELL = {"resultTypes": ["violations"]}  # of what passes, axe would write a report as long as the page
ALL_RULES = TELL | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOR_RULES = TELL | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class Violation(NamedTuple):
    """One element that breaks a rule in a theme."""

    theme: str
    rule: str
    html: str
    where: str


def find_violations(page: Page) -> list[Violation]:
    """What axe says of the page in the light theme, and of its colors in the dark one.

    The window is made as tall as the page: what a fixed bar covers can be scrolled from under it,
    which axe can't know. Nothing moves meanwhile: colors would be judged half way.
    """
    # A click waits until the next page has begun, not until there is something in it.
    page.wait_for_load_state()
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": height + BAR})
    return ask_axe(page, "light", ALL_RULES) + ask_axe(page, "dark", COLOR_RULES)


def ask_axe(page: Page, theme: Literal["light", "dark"], options: dict[str, Any]) -> list[Violation]:
    """What axe says of the page in that theme."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(SETTLE)
    return [
        Violation(theme, rule["id"], node["html"][:120], f"{page.url} {node['target']}")
        for rule in Axe().run(page, options=options).response["violations"]
        for node in rule["nodes"]
    ]
