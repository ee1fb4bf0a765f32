"""A shopper types a few letters and gets to the berry: by keyboard, by thumb, and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.axe import find_violations
from tests.journeys.stack import Shop

pytestmark = pytest.mark.journey
WORDS = {"ru": "клуб", "en": "straw"}
TITLES = {"ru": re.compile("Клубника"), "en": re.compile("Strawberry")}


def open_shop(shop: Shop, page: Page, language: str = "ru") -> None:
    page.goto(shop.url + ("/catalog/" if language == "ru" else "/en/catalog/"))


def find_field(page: Page) -> Locator:
    """The search field; the order of a list is a combobox, too."""
    return page.locator("any-search").get_by_role("combobox")


def find_options(page: Page) -> Locator:
    return page.locator("any-search").get_by_role("option")


def type_letters(page: Page, text: str) -> None:
    field = find_field(page)
    field.click()
    field.press_sequentially(text, delay=30)
    expect(field).to_have_attribute("aria-expanded", "true")


def find_active(page: Page) -> Locator | None:
    """The option that the keyboard stands on."""
    name = find_field(page).get_attribute("aria-activedescendant")
    return page.locator(f"#{name}") if name else None


@pytest.mark.parametrize("language", ["ru", "en"])
def test_by_keyboard(shop: Shop, visit: Callable[..., Page], language: str) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    open_shop(shop, page, language)
    type_letters(page, WORDS[language])
    field, options = find_field(page), find_options(page)
    expect(page.locator("any-search [role=status]")).to_contain_text(re.compile(r"\d"))
    last = options.count() - 1

    field.press("ArrowDown")
    assert find_active(page).get_attribute("id") == options.first.get_attribute("id")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    assert find_active(page).get_attribute("id") == options.nth(last).get_attribute("id")
    field.press("ArrowDown")
    assert find_active(page).get_attribute("id") == options.first.get_attribute("id")

    field.press("Home")
    assert find_active(page) is None
    assert field.evaluate("field => field.selectionStart") == 0
    field.press("ArrowDown")
    field.press("End")
    assert find_active(page) is None
    assert field.evaluate("field => field.selectionStart") == len(WORDS[language])

    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value(WORDS[language])
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")

    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])


def test_an_arrow_steps_through_the_list_of_all_letters(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    open_shop(shop, page)
    type_letters(page, "клуб")
    find_field(page).press_sequentially("ника")

    find_field(page).press("ArrowDown")

    expect(find_field(page)).to_have_attribute("aria-activedescendant", re.compile("suggested"))
    assert "клубника" in find_options(page).last.inner_text()
    assert find_active(page).get_attribute("aria-selected") == "true"


def test_enter_without_a_choice_searches(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    open_shop(shop, page)
    type_letters(page, "клубника")

    find_field(page).press("Enter")

    page.wait_for_url("**/search/?q=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("«клубника»")
    expect(find_field(page)).to_have_value("клубника")
    expect(page.locator(".berry-card").first).to_contain_text("Клубника")


def test_by_thumb(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit(has_touch=True, is_mobile=True)
    open_shop(shop, page)
    type_letters(page, "клуб")
    option = find_options(page).first

    assert option.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # A thumb that scrolls and a keyboard that is put away close nothing.
    page.mouse.wheel(0, 100)
    page.evaluate("document.activeElement.blur()")
    expect(option).to_be_visible()
    page.locator("#main").dispatch_event("pointerdown")
    expect(option).to_be_hidden()

    page.evaluate("scrollTo(0, 0)")
    find_field(page).tap()
    option.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["ru"])


def test_only_the_last_letters_are_answered(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit()
    open_shop(shop, page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)

    type_letters(page, "малина")
    find_field(page).press("Backspace")
    find_field(page).press_sequentially("а")
    expect(find_options(page).first).to_contain_text("Малина")

    assert len(asked) == len(set(asked)) < len("малина")


def test_what_is_opened_is_told_to_the_shop(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto(f"{shop.url}/search/?q=клубника")

    with page.expect_request("**/search/opened/") as told:
        page.locator(".berry-card__link").first.click()

    assert re.fullmatch(r"q=[%0-9A-F]+&page=\d+", told.value.post_data)


def test_so_is_what_is_opened_from_the_suggestions(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit()
    open_shop(shop, page)
    type_letters(page, "клуб")
    find_field(page).press("ArrowDown")

    with page.expect_request("**/search/opened/") as told:
        find_field(page).press("Enter")

    assert re.fullmatch(r"q=[%0-9A-F]+&suggested=1&page=\d+", told.value.post_data)


def test_nothing_to_suggest_is_said(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit()
    open_shop(shop, page)
    find_field(page).press_sequentially("трактор")

    expect(page.locator("any-search [role=status]")).to_have_text("Подсказок нет.")
    expect(find_field(page)).to_have_attribute("aria-expanded", "false")


def test_an_answer_that_failed_is_asked_for_again(shop: Shop, desk: Callable[[], Page]) -> None:
    page = desk()  # no `visit`: a 503 is a fault there
    open_shop(shop, page)
    page.route("**/search/suggest/**", lambda route: route.fulfill(status=503, body="busy"), times=1)
    with page.expect_response("**/search/suggest/**"):
        find_field(page).press_sequentially("клуб")

    find_field(page).press("ArrowDown")

    expect(find_options(page).first).to_contain_text("Клубника")


def test_without_script_it_is_a_form(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    open_shop(shop, page)
    field = page.get_by_role("searchbox").first
    field.fill("клубника")
    field.press("Enter")

    expect(page.locator(".berry-card").first).to_contain_text("Клубника")
    page.locator("summary", has_text="Фильтры").click()
    page.locator("#filter-in_stock").check()
    page.locator("#filters button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"q=.+&.*in_stock=on"))
    expect(page.get_by_role("heading", level=1)).to_have_text("«клубника»")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(shop: Shop, visit: Callable[..., Page], width: int) -> None:
    page = visit(viewport={"width": width, "height": 900})
    open_shop(shop, page)
    type_letters(page, "клуб")
    find_field(page).press("ArrowDown")
    found = find_violations(page)
    for path in (
        "/search/?q=ягода",
        "/search/?q=клубника",
        "/search/?q=абырвалгус",
        "/search/",
        "/en/search/?q=jam",
    ):
        page.goto(shop.url + path)
        found += find_violations(page)

    assert not found, "\n".join(map(str, found))
