"""The pictures of docs/editors.md: taken of the running shop, so that they never age.

`make editor-pictures` keeps them in docs/pictures; otherwise they are only made and measured.
"""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys.stack import ROOT, Shop
from tests.journeys.staff import close_side_panel, find_page_id, sign_in

pytestmark = pytest.mark.journey
HEAVIEST = 60_000  # bytes
HANDBOOK = ROOT / "docs" / "editors.md"
QUALITY = 72


class Camera:
    """Takes pictures of a page and keeps them, small, in a folder."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder

    def take(self, name: str, *, wait_for: Locator) -> None:
        """A picture of what the window shows as soon as the thing is there."""
        expect(wait_for).to_be_visible(timeout=30_000)
        self.page.wait_for_load_state("networkidle")
        shot = Image.open(io.BytesIO(self.page.screenshot(animations="disabled")))
        shot.convert("RGB").save(self.folder / f"{name}.webp", quality=QUALITY, method=6)


@pytest.fixture
def camera(desk: Callable[[], Page], tmp_path: Path) -> Camera:
    page = desk()
    page.set_viewport_size({"width": 1280, "height": 800})
    return Camera(page, Path(os.environ.get("ANYBERRY_PICTURES") or tmp_path).resolve())


def list_pictures() -> set[str]:
    """The names of the pictures that the handbook shows."""
    return set(re.findall(r"\(pictures/([a-z-]+)\.webp\)", HANDBOOK.read_text()))


def take_pages(camera: Camera, shop: Shop) -> None:
    page = camera.page
    catalog, berry = find_page_id(page, shop, "catalog"), find_page_id(page, shop, "malina-polka")
    page.goto(f"{shop.url}/admin/pages/{catalog}/")
    camera.take("editor-explorer", wait_for=page.get_by_role("link", name="Клубника").first)
    page.goto(f"{shop.url}/admin/pages/{berry}/edit/")
    page.locator("[data-side-panel-toggle=facts]").click()
    camera.take("editor-berry", wait_for=page.locator(".berry-panel"))
    page.locator("[data-side-panel-toggle=preview]").click()
    shown = page.frame_locator("#w-preview-iframe").get_by_role("heading", level=1)
    camera.take("editor-preview", wait_for=shown)
    page.locator("[data-side-panel-toggle=status]").click()
    page.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first.click()
    camera.take("editor-schedule", wait_for=page.locator("#title-schedule-publishing-dialog"))


def take_translation(camera: Camera, shop: Shop) -> None:
    page = camera.page
    english = find_page_id(page, shop, "raspberry-polka", "en")
    page.goto(f"{shop.url}/admin/pages/{english}/edit/")
    expect(page.locator("li:has(> p)").first).to_be_visible(timeout=30_000)
    close_side_panel(page)
    camera.take("editor-translation", wait_for=page.locator("li:has(> p)").first)


def take_picture_form(camera: Camera, shop: Shop) -> None:
    page = camera.page
    page.goto(f"{shop.url}/admin/images/?q=вишня")
    page.locator("main a[href*='/admin/images/']", has=page.locator("img")).first.click()
    camera.take("editor-picture", wait_for=page.locator(".focal-point-chooser"))


def take_newsletter(camera: Camera, shop: Shop) -> None:
    page = camera.page
    page.goto(f"{shop.url}/admin/newsletter/")
    camera.take("editor-newsletter", wait_for=page.get_by_role("heading", level=1).first)


def test_the_handbook_shows_the_admin_as_it_is(shop: Shop, camera: Camera) -> None:
    page = camera.page
    sign_in(page, shop, "owner")
    page.goto(f"{shop.url}/admin/")
    camera.take("editor-dashboard", wait_for=page.get_by_role("heading", level=1).first)
    take_pages(camera, shop)
    take_translation(camera, shop)
    take_picture_form(camera, shop)
    take_newsletter(camera, shop)

    weights = {path.stem: path.stat().st_size for path in camera.folder.glob("editor-*.webp")}
    assert set(weights) == list_pictures()
    assert {name: weight for name, weight in weights.items() if weight > HEAVIEST} == {}
