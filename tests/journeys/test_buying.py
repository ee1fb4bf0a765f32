"""A guest finds a berry, registers, orders, pays, gets the cheque: in both languages, and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.shopper import Shopper
from tests.journeys.stack import Shop

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("language", "script"),
    [("ru", True), ("en", True), ("ru", False)],
    ids=["in Russian", "in English", "in Russian without script"],
)
def test_a_guest_buys_a_berry(shop: Shop, visit: Callable[..., Page], language: str, script: bool) -> None:
    page = visit(java_script_enabled=script)
    shopper = Shopper(shop, page, language, scripted=script)

    title = shopper.choose_berry()
    shopper.press_add()
    shopper.register()
    shopper.open("/cart/")
    shopper.expect_text(title)

    shopper.fill_checkout()
    shopper.place_order()
    number = re.search(r"AB-[0-9A-Z]+", page.get_by_role("main").inner_text()).group()
    shopper.pay()
    shopper.wait_until(
        lambda: page.get_by_text(shopper.say("paid")).locator("visible=true").count() > 0, "the payment"
    )

    shopper.open(f"/orders/{number}/")
    shopper.expect_text(shopper.say("packing"))
    cheque = shop.wait_for_mail(shopper.email, number)
    assert title.split("«")[0].strip() in cheque["text"]
    assert len(shop.read_mail(shopper.email, number)) == 1
