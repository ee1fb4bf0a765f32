"""Somebody puts their account in order: addresses, a passkey, and leaving; on a phone, as people do."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shopper import Shopper
from tests.journeys.stack import Shop

pytestmark = pytest.mark.journey
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def register(shopper: Shopper) -> None:
    """A new account, its address confirmed by the code."""
    shopper.open("/account/login/")
    shopper.register()


def press(page: Page, action: str) -> None:
    """Press the first button of the form that leads there."""
    page.locator(f'main form[action$="/{action}/"] button[type=submit]').first.click()


def give_password(shopper: Shopper) -> None:
    """Where they are asked once more whether it is them."""
    expect(shopper.page).to_have_url(re.compile("/account/reauthenticate/"))
    shopper.page.locator("#id_password").fill(shopper.password)
    press(shopper.page, "account/reauthenticate")


@pytest.mark.parametrize("script", [True, False])
def test_an_address_book(shop: Shop, visit: Callable[..., Page], script: bool) -> None:
    shopper = Shopper(shop, visit(java_script_enabled=script), "ru", scripted=script)
    page = shopper.page
    register(shopper)

    for street in ("Покровка", "Солянка"):
        shopper.open("/account/addresses/add/")
        for name, value in {"city": "Москва", "street": street, "house": "5"}.items():
            page.locator(f"#id_{name}").fill(value)
        page.locator("main form button[type=submit]").click()
        expect(page).to_have_url(re.compile("/account/addresses/$"))
    items = page.locator(".address-book__item")
    expect(items.nth(0)).to_contain_text("Покровка")
    expect(items.nth(0).locator(".badge")).to_be_visible()

    page.locator('form[action$="/default/"] button').click()
    expect(items.nth(0)).to_contain_text("Солянка")

    items.nth(0).locator('form[action$="/remove/"] button').click()
    expect(items).to_have_count(1)
    expect(items.nth(0).locator(".badge")).to_be_visible()


def test_a_passkey_opens_the_account_without_a_password(shop: Shop, visit: Callable[..., Page]) -> None:
    shopper = Shopper(shop, visit(), "ru")
    page = shopper.page
    # Browsers give keys to names only, never to bare numbers.
    shopper.shop = replace(shop, url=shop.url.replace("127.0.0.1", "localhost"))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    register(shopper)

    shopper.open("/account/second-step/webauthn/add/")
    give_password(shopper)
    page.locator("form[data-passkey] button[type=submit]").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)

    shopper.open("/account/sessions/")
    press(page, "account/logout")
    shopper.open("/account/login/")
    page.locator("form[data-passkey] button[type=submit]").click()
    expect(page).not_to_have_url(re.compile("/account/login/"))
    shopper.open("/account/")
    expect(page.locator(".page-head__lead")).to_have_text(shopper.email)


def test_the_meter_speaks_while_a_password_is_typed(shop: Shop, visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto(f"{shop.url}/en/account/signup/")
    field, meter = page.locator("#id_password1"), page.locator(".strength meter")

    field.press_sequentially("qwertyuiop")
    expect(meter).to_have_js_property("value", 0)

    field.fill("a cart of blueberries by the river")
    expect(meter).to_have_js_property("value", 4)


@pytest.mark.parametrize("script", [True, False])
def test_leaving_for_good(shop: Shop, visit: Callable[..., Page], script: bool) -> None:
    shopper = Shopper(shop, visit(java_script_enabled=script), "en", scripted=script)
    shopper.email = f"leaver-{uuid.uuid4().hex[:8]}@example.com"
    page = shopper.page
    register(shopper)

    shopper.open("/account/close/")
    give_password(shopper)
    page.locator("#id_agreed").check()
    press(page, "account/close")
    expect(page.locator(".alert--success")).to_be_visible()

    shopper.open("/account/login/")
    page.locator("#id_login").fill(shopper.email)
    page.locator("#id_password").fill(shopper.password)
    press(page, "account/login")
    expect(page.locator(".error-summary")).to_be_visible()
