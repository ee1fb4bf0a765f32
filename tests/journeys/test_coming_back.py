"""Shoppers who stay: a favorite and a click pending, an order called off, an order once more."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shopper import Shopper
from tests.journeys.stack import Shop
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.journey
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


def press_in(page: Page, selector: str) -> None:
    """Press the button of the one form that leads there."""
    page.get_by_role("main").locator(f"form[action*='{selector}']").get_by_role("button").first.click()


@SCRIPT
def test_a_guest_registers_with_a_favorite_and_a_click_pending(
    shop: Shop, visit: Callable[..., Page], script: bool
) -> None:
    page = visit(java_script_enabled=script)
    shopper = Shopper(shop, page, "ru", scripted=script)
    title = shopper.choose_berry()
    berry = page.url

    page.locator(".product__heart button").click()
    page.wait_for_url("**/account/login/**")
    page.goto(berry)
    shopper.press_add()
    page.wait_for_url("**/account/login/**")
    shopper.register()

    shopper.open("/favorites/")
    shopper.expect_text(title)
    shopper.open("/cart/")
    shopper.expect_text(title)


def give_back_by_hand(page: Page, shop: Shop, number: str) -> None:
    """Settle the order's row among the money that does not match, as a manager does who made a transfer."""
    page.goto(f"{shop.url}/admin/snippets/shop/mismatch/?q={number}")
    page.get_by_role("main").get_by_role("link", name=number).first.click()
    page.get_by_role("link", name=re.compile("Отметить возврат")).click()
    page.locator("input[name=reference]").fill("п/п 17")
    page.get_by_role("button", name=re.compile("Отметить возврат")).click()
    expect(page.get_by_text("Деньги возвращаются покупателю").first).to_be_visible()


@SCRIPT
def test_a_paid_order_is_called_off_refunded_and_ordered_again(
    shop: Shop, visit: Callable[..., Page], script: bool
) -> None:
    page = visit(java_script_enabled=script)
    shopper = Shopper(shop, page, "ru", scripted=script)
    title = shopper.choose_berry()
    shopper.press_add()
    shopper.register()
    shopper.add_more(2)
    shopper.fill_checkout()
    shopper.place_order()
    number = re.search(r"AB-[0-9A-Z]+", page.get_by_role("main").inner_text()).group()
    shopper.pay()
    shopper.wait_until(
        lambda: page.get_by_text(shopper.say("paid")).locator("visible=true").count() > 0, "the payment"
    )

    shopper.open(f"/orders/{number}/")
    cancel = page.locator(f"form[action$='/orders/{number}/cancel/']")
    page.locator("details", has=cancel).locator("summary").click()
    cancel.get_by_role("button").click()
    expect(page.locator(".order-state__badge")).to_contain_text(re.compile("отмен", re.IGNORECASE))
    expect(cancel).to_have_count(0)
    shopper.expect_text("деньги вернутся тем же способом")
    shop.wait_for_mail(shopper.email, f"Заказ {number} отменён")

    desk = visit(viewport={"width": 1280, "height": 1000})
    sign_in(desk, shop, "manager")
    give_back_by_hand(desk, shop, number)
    shop.wait_for_mail(shopper.email, f"за заказ {number}")
    shopper.open(f"/orders/{number}/")
    shopper.expect_text("Деньги возвращены")

    press_in(page, f"/orders/{number}/repeat/")
    page.wait_for_url("**/cart/")
    shopper.expect_text(title)
