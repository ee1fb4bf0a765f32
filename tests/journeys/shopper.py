"""What a shopper does in a browser, step by step, in either language, with script or without."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.journeys.stack import Shop, wait_for

WORDS = {
    "ru": {
        "add": "В корзину",
        "order": re.compile("Оформить заказ на"),
        "pay": re.compile("Оплатить"),
        "paid": re.compile("оплачен", re.IGNORECASE),
        "packing": re.compile("Собираем|Собирается"),
    },
    "en": {
        "add": "Add to cart",
        "order": re.compile("Place the order for|Place order"),
        "pay": re.compile("Pay"),
        "paid": re.compile("paid", re.IGNORECASE),
        "packing": re.compile("[Pp]acking|[Pp]acked"),
    },
}


@dataclass
class Shopper:
    """A new person with a phone in their hand."""

    shop: Shop
    page: Page
    language: str
    email: str = field(default_factory=lambda: f"shopper-{uuid.uuid4().hex[:8]}@example.com")
    password: str = "малина растёт за баней"
    scripted: bool = True

    @property
    def home(self) -> str:
        return self.shop.url + ("/" if self.language == "ru" else "/en/")

    def say(self, name: str):
        return WORDS[self.language][name]

    def open(self, path: str) -> None:
        self.page.goto(self.home.rstrip("/") + path)

    def choose_berry(self) -> str:
        """From the front page through the catalog to a berry that is in stock; its title."""
        self.page.goto(self.home)
        self.open("/catalog/?in_stock=on")
        card = self.page.locator(".berry-card").first
        card.get_by_role("link").first.click()
        return self.page.get_by_role("heading", level=1).inner_text()

    def press_add(self) -> None:
        self.find_button(self.say("add")).click()

    def add_more(self, berries: int) -> None:
        """Other berries from their cards: a zone may ask for a least order."""
        for _berry in range(berries):
            self.open("/catalog/?in_stock=on")
            cards = self.page.locator(".berry-card")
            cards.get_by_role("button", name=self.say("add")).first.click()
            self.page.wait_for_load_state("networkidle")

    def register(self, look: Callable[[], object] = bool) -> None:
        """From the sign-in page, where a guest was led, to a verified account.

        `look` is called where the code is asked for.
        """
        self.page.get_by_role("main").locator("a[href*='/account/signup/']").click()
        self.page.locator("input[name=email]").fill(self.email)
        self.page.locator("input[name=password1]").fill(self.password)
        self.submit("input[name=password1]")
        look()
        self.page.locator("input[name=code]").fill(self.shop.wait_for_code(self.email))
        self.submit("input[name=code]")

    def fill_checkout(self) -> None:
        self.open("/cart/")
        self.page.locator("main a[href*='/checkout/']").first.click()
        for name, value in {
            "name": "Ягода Малинина" if self.language == "ru" else "Berry Fields",
            "phone": "8 (999) 123-45-67",
            "city": "Москва",
            "street": "Тверская улица",
            "house": "7",
            "flat": "12",
        }.items():
            self.page.locator(f"input[name={name}]").fill(value)
        self.page.locator("input[name=zone]").first.check(force=True)
        self.page.locator("input[name=slot]:not([disabled])").last.check(force=True)
        self.page.locator("input[name=offer]").check()
        self.page.locator("input[name=personal_data]").check()

    def place_order(self) -> None:
        self.find_button(self.say("order")).click()

    def pay(self) -> None:
        """From our pay page to the provider's and back."""
        link = self.page.locator(f"main a[href^='{self.shop.emulator_url}']").first
        self.wait_until(link.is_visible, "a link to the provider")
        link.click()
        self.page.get_by_role("button", name="Оплатить").click()

    def wait_until(self, ask, what: str) -> None:
        """Wait for the page to follow; without script, look again as a person would."""

        def look() -> bool:
            if not ask() and not self.scripted:
                self.page.reload()
            return ask()

        wait_for(look, f"{what} on {self.page.url}")

    def find_button(self, name) -> Locator:
        return self.page.get_by_role("button", name=name).locator("visible=true").first

    def submit(self, selector: str) -> None:
        self.page.locator(f"form:has({selector})").get_by_role("button").last.click()

    def expect_text(self, text) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)
