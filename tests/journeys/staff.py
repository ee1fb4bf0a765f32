"""What staff do in the admin, step by step, and what is done behind the running shop's back."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.stack import ROOT, VAR_DIR, Shop

PATIENCES = (10_000, 10_000, 30_000)  # milliseconds
DRAFT = re.compile(r"/admin/pages/\d+/edit/$")  # where drafts are edited
PUBLICITY = """
from wagtail.models import Site
from core.models import PublicitySettings
site = Site.objects.get(is_default_site=True)
PublicitySettings.objects.update_or_create(site=site, defaults={values})
"""


def run_in_shop(script: str) -> str:
    """Run a few lines of Python with the running shop's database and Redis; what they print."""
    running = os.environ.get("ANYBERRY_DEMO")
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    environment |= {
        "VAR_DIR": str(Path(running).parent if running else VAR_DIR),
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.development",
    }
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, text=True, stdout=subprocess.PIPE
    ).stdout


def set_publicity(values: dict[str, str]) -> None:
    """What the owner's settings say of counters and Disqus from now on."""
    run_in_shop(PUBLICITY.format(values=values))


def sign_in(page: Page, shop: Shop, role: str) -> None:
    """Enter as one of the demo's people."""
    page.goto(f"{shop.url}/account/login/")
    page.locator("input[name=login]").fill(shop.users[role]["email"])
    page.locator("input[name=password]").fill(shop.users[role]["password"])
    page.locator("form:has(input[name=password])").get_by_role("button").last.click()
    page.wait_for_url(lambda url: "login" not in url)


def find_page_id(page: Page, shop: Shop, slug: str, language: str = "ru") -> int:
    """The id of the page with this slug in the language, as Wagtail's own chooser finds it."""
    found = page.request.get(f"{shop.url}/admin/api/main/pages/?slug={slug}").json()["items"]
    return next(item["id"] for item in found if item["meta"]["locale"] == language)


def make_picture() -> dict:
    """A picture that no library has yet, as a file to upload."""
    small = Image.frombytes("RGB", (16, 12), os.urandom(16 * 12 * 3))
    file = io.BytesIO()
    small.resize((1600, 1200)).save(file, "JPEG", quality=60)
    return {"name": "picture.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def upload_picture(page: Page, title: str) -> None:
    """Choose a new picture for the page's picture field."""
    page.get_by_role("button", name="Выберите изображение").first.click()
    page.locator("a[href='#tab-upload']").click()
    form = page.locator("#tab-upload form")
    form.locator("input[type=file]").set_input_files(make_picture())
    form.locator("input[name$=title]").fill(title)
    form.locator("button[type=submit]").click()
    expect(page.locator("#tab-upload")).to_have_count(0)


def write_text(page: Page, text: str) -> None:
    """Put a block of text first into the page's body."""
    body = page.locator("[data-contentpath=body]")
    body.locator(".c-sf-add-button").first.click()
    page.locator(".w-combobox__option", has_text="Текст").first.click()
    body.locator(".public-DraftEditor-content").click()
    page.keyboard.type(text)
    expect(body.locator("[name='body-0-value']")).to_have_value(re.compile(text))


def press_action(page: Page, name: str) -> None:
    """Press one of the actions behind the arrow beside “Save draft”."""
    button = page.locator(f"button[name={name}]")
    if not button.is_visible():
        open_actions(page).click()
    button.click()


def open_actions(page: Page) -> Locator:
    return page.locator("footer [data-w-dropdown-target=toggle]").last


def press_until(page: Page, press: Callable[[], None], address: re.Pattern[str]) -> None:
    """Press until a page with such an address comes: while Wagtail saves by itself, a press may be lost."""
    for patience in PATIENCES:
        with suppress(PlaywrightTimeout), page.expect_navigation(url=address, timeout=patience):
            press()
            return
    pytest.fail(f"no press had an effect, the page is still {page.url}")


def schedule(page: Page, moment: str) -> None:
    """Have the page go live at the moment, “2026-11-23 12:00”, once somebody publishes it."""

    def save_schedule() -> None:
        hour = page.locator("#id_go_live_at")
        way = page.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first
        if not hour.is_visible():
            if not way.is_visible():
                page.locator("[data-side-panel-toggle=status]").click()
            way.click()
        hour.fill(moment)
        # The calendar hangs over the button.
        page.get_by_role("button", name="Сохранить расписание").press("Enter")

    press_until(page, save_schedule, DRAFT)
    expect(page.locator("[data-side-panel-toggle=status]")).to_be_visible()


def translate(page: Page, shop: Shop, page_id: int, words: dict[str, str]) -> int:
    """Make the English version and fill it in; the id of its page. `words` is English by Russian."""
    page.goto(f"{shop.url}/admin/localize/submit/page/{page_id}/")
    page.get_by_label("English").check()
    page.get_by_role("main").locator("form [type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/$"))
    expect(page.locator("li.incomplete").first).to_be_visible()
    close_side_panel(page)
    for russian, english in words.items():
        translate_words(page, russian, english)
    return int(re.search(r"/pages/(\d+)/", page.url)[1])


def close_side_panel(page: Page) -> None:
    """Close the panel that hangs over the words, where one does."""
    # The page opens it by a script, when it likes.
    page.wait_for_load_state("networkidle")
    if (panel := page.locator(".form-side__close-button:visible")).count():
        panel.first.click()


def translate_words(page: Page, russian: str, english: str) -> None:
    entry = page.locator("li:has(> p)").filter(has=page.get_by_text(russian, exact=True))
    entry.get_by_role("button", name="Перевести").click()
    entry.locator("textarea").fill(english)
    entry.get_by_role("button", name="Сохранить").click()
    expect(entry).to_contain_text(english)
