"""From an empty form to readers in two languages: what an editor does, and what a moderator adds."""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.stack import Shop, wait_for
from tests.journeys.staff import (
    DRAFT,
    find_page_id,
    open_actions,
    press_action,
    press_until,
    run_in_shop,
    schedule,
    sign_in,
    translate,
    upload_picture,
    write_text,
)

pytestmark = pytest.mark.journey

PATIENCE = 30_000  # milliseconds
# What managers and growers have done before an editor writes.
RECORD = """
from datetime import timedelta
from django.utils import timezone
from shop.catalog.models import Berry, Category, Pack
from shop.catalog.services import receive_lot
berry = Berry.objects.create(
    code="{mark}", kind_ru="Малина", kind_en="Raspberry",
    variety_ru="Проба {mark}", variety_en="Trial {mark}",
    origin_ru="Тула", origin_en="Tula", season_months=list(range(1, 13)),
)
berry.categories.add(Category.objects.get(code="{mark}"))
pack = Pack.objects.create(berry=berry, weight_g=500, price=390, is_default=True)
today = timezone.localdate()
receive_lot(pack=pack, quantity=9, harvested_on=today, best_before=today + timedelta(days=9),
            farm_ru="Тула", farm_en="Tula")
"""
# What beat starts each minute, an hour and a minute from now.
PUBLISHING = """
from datetime import timedelta
import time_machine
from django.utils import timezone
from core.tasks import publish_scheduled
with time_machine.travel(timezone.now() + timedelta(minutes=61)):
    publish_scheduled()
"""
DROP = """
from wagtail.images import get_image_model
from wagtail.models import Page
from shop.catalog.models import Berry, Category
for page in Page.objects.filter(slug__endswith="{mark}"):
    page.delete()
get_image_model().objects.filter(title__endswith="{mark}").delete()
Berry.objects.filter(code="{mark}").update(is_active=False)
"""


@pytest.fixture
def mark() -> Iterator[str]:
    """A word that is in all that the journey writes; its pages are gone afterwards."""
    mark = f"p{uuid.uuid4().hex[:6]}"
    yield mark
    run_in_shop(DROP.format(mark=mark))


def add_category(page: Page, shop: Shop, mark: str) -> None:
    page.goto(f"{shop.url}/admin/snippets/shop/category/add/")
    for name, value in {"name_ru": f"Редкие {mark}", "name_en": f"Rare {mark}", "code": mark}.items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("main").locator("form button[type=submit]").last.click()
    page.wait_for_url("**/admin/snippets/shop/category/")


def write_category(page: Page, shop: Shop, mark: str, moment: str) -> int:
    """A page of the category with a new picture, scheduled and submitted; its id."""
    catalog = find_page_id(page, shop, "catalog")
    page.goto(f"{shop.url}/admin/pages/add/shop/categorypage/{catalog}/")
    page.locator("#id_title").fill(f"Редкие {mark}")
    page.get_by_role("button", name="Выбрать категория").click()
    page.locator(".modal-body a", has_text=mark).click()
    page.locator("#id_lead").fill(f"Вводка {mark}")
    upload_picture(page, f"Полка {mark}")
    page.locator("#id_picture_alt").fill(f"Ряд {mark}")
    save_draft(page)
    return submit(page, moment)


def write_berry(page: Page, shop: Shop, mark: str, moment: str) -> int:
    """A page of the berry, from its record to the moderator; its id."""
    page.goto(f"{shop.url}/admin/snippets/shop/berry/?q={mark}")
    page.get_by_role("link", name="Написать страницу").click(force=True)
    expect(page.locator("#id_title")).to_have_value(f"Малина «Проба {mark}»")
    page.locator("#id_lead").fill(f"Сладкая {mark}")
    upload_picture(page, f"Малина {mark}")
    page.locator("#id_picture_alt").fill(f"Миска {mark}")
    write_text(page, f"Спелая {mark}")
    save_draft(page)
    look_at_previews(page, mark)
    return submit(page, moment)


def look_at_previews(page: Page, mark: str) -> None:
    """The words with true price and stock; then the day all is sold out."""
    page.locator("[data-side-panel-toggle=preview]").click()
    shown = page.frame_locator("#w-preview-iframe").get_by_role("main")
    for text in (f"Сладкая {mark}", "390\N{NO-BREAK SPACE}₽"):
        expect(shown).to_contain_text(text, timeout=PATIENCE)
    page.locator("[data-side-panel=preview] select").select_option("sold_out")
    expect(shown).to_contain_text("Нет в наличии", timeout=PATIENCE)


def save_draft(page: Page) -> None:
    press_until(page, page.get_by_role("button", name="Сохранить черновик").click, DRAFT)


def submit(page: Page, moment: str) -> int:
    """Set the hour and hand the page to the moderators."""
    schedule(page, moment)
    page_id = int(re.search(r"/pages/(\d+)/", page.url)[1])
    press_until(page, partial(press_action, page, "action-submit"), re.compile(r"/admin/pages/\d+/$"))
    return page_id


def approve(page: Page, shop: Shop, page_id: int) -> None:
    page.goto(f"{shop.url}/admin/pages/{page_id}/edit/")
    open_actions(page).click()
    page.locator("button[data-workflow-action-name=approve]:visible").first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"), timeout=PATIENCE)


def publish_translation(page: Page, shop: Shop, page_id: int) -> None:
    page.goto(f"{shop.url}/admin/pages/{page_id}/edit/")
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator(".messages")).to_contain_text("English")


def ask(shop: Shop, path: str) -> requests.Response:
    return requests.get(f"{shop.url}{path}", timeout=10)


def list_places(mark: str) -> dict[str, str]:
    """Where a reader meets the pages, and what stands there."""
    return {
        f"/catalog/malina-proba-{mark}/": f"Спелая {mark}",
        f"/en/catalog/malina-proba-{mark}/": f"Ripe {mark}",
        f"/catalog/redkie-{mark}/": f"Проба {mark}",
        f"/en/catalog/redkie-{mark}/": f"Trial {mark}",
        "/feed/": f"Проба {mark}",
        "/en/feed/": f"Trial {mark}",
        "/sitemap.xml": f"/en/catalog/malina-proba-{mark}/",
        f"/search/?q=проба+{mark}": f"Проба {mark}",
        f"/en/search/?q=trial+{mark}": f"Trial {mark}",
    }


def test_pages_in_two_languages_from_an_empty_form_to_their_readers(
    shop: Shop, desk: Callable[[], Page], visit: Callable[..., Page], mark: str
) -> None:
    moment = f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%d %H:%M}"
    editor = desk()
    sign_in(editor, shop, "editor")
    add_category(editor, shop, mark)
    run_in_shop(RECORD.format(mark=mark))
    category = write_category(editor, shop, mark, moment)
    berry = write_berry(editor, shop, mark, moment)
    words = {
        f"Редкие {mark}": f"Rare {mark}",
        f"Вводка {mark}": f"Lead {mark}",
        f"Ряд {mark}": f"Row {mark}",
    }
    english = [translate(editor, shop, category, words)]
    words = {
        f"Малина «Проба {mark}»": f"Raspberry “Trial {mark}”",
        f"Сладкая {mark}": f"Sweet {mark}",
        f"Миска {mark}": f"Bowl {mark}",
        f"Спелая {mark}": f"Ripe {mark}",
    }
    english.append(translate(editor, shop, berry, words))

    moderator = desk()
    sign_in(moderator, shop, "moderator")
    for page_id in (category, berry):
        approve(moderator, shop, page_id)
    for page_id in english:
        publish_translation(moderator, shop, page_id)
    places = list_places(mark)
    assert [path for path, text in places.items() if text in ask(shop, path).text] == []
    run_in_shop(PUBLISHING)

    def list_missing() -> list[str]:
        return [path for path, text in places.items() if text not in ask(shop, path).text]

    wait_for(lambda: not list_missing(), f"the pages to be read; missing: {list_missing()}")
    reader = visit()
    reader.goto(f"{shop.url}/en/catalog/malina-proba-{mark}/")
    expect(reader.get_by_role("img", name=f"Bowl {mark}").first).to_be_visible()
