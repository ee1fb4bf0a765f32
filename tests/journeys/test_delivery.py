"""From the payment to the door: a shopper, a manager and a courier, each with a browser of their own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.shopper import Shopper
from tests.journeys.stack import Shop
from tests.journeys.staff import run_in_shop, sign_in

pytestmark = pytest.mark.journey

PATIENCE = 30_000  # milliseconds
NOTE = "Оставил у консьержа на первом этаже"
# The letters of the steps, in their order, by what stands in their subjects after the order's number.
LETTERS = ["приедет в другое время", "у курьера", "в пути", "доставлен"]
MOSCOW = ZoneInfo("Europe/Moscow")
MONTHS = [
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
]
STATUS = """
from shop.orders.models import Order
order = Order.objects.select_related("delivery__courier").get(number="{number}")
print(order.status, order.delivery.status, order.delivery.courier.email)
"""


@dataclass(frozen=True)
class Slot:
    """A delivery time as pages name it: «вторник, 24 ноября», «10:00–14:00»."""

    day: str
    hours: str

    def __str__(self) -> str:
        return f"{self.day}, {self.hours}"


def buy_berry(shopper: Shopper) -> str:
    """From the catalog to a paid order, whose page is left open; its number."""
    page = shopper.page
    shopper.choose_berry()
    shopper.press_add()
    shopper.register()
    shopper.add_more(2)
    shopper.fill_checkout()
    shopper.place_order()
    number = re.search(r"AB-[0-9A-Z]+", page.get_by_role("main").inner_text()).group()
    shopper.pay()
    paid = page.get_by_text(shopper.say("paid")).locator("visible=true")
    shopper.wait_until(lambda: paid.count() > 0, "the payment")
    shopper.open(f"/orders/{number}/")
    return number


def change_slot(shopper: Shopper, number: str) -> Slot:
    """Take the first other time that is offered, from the order's page and back to it."""
    page = shopper.page
    page.locator(f"main a[href$='/orders/{number}/slot/']").first.click()
    days = page.locator("fieldset", has=page.locator("input[name=slot]:not([disabled])"))
    tile = days.first.locator("label.tile", has=page.locator("input:not([disabled])")).first
    # As it stands in a sentence.
    slot = Slot(days.first.locator("legend").inner_text().lower(), tile.locator(".tile__title").inner_text())
    tile.locator("input").check(force=True)
    shopper.submit("input[name=slot]")
    page.wait_for_url(f"**/orders/{number}/")
    return slot


def open_order(page: Page, shop: Shop, number: str) -> None:
    """Find the order in the admin by its number, as a manager does."""
    page.goto(f"{shop.url}/admin/snippets/shop/order/?q={number}")
    page.get_by_role("main").get_by_role("link", name=number).first.click()
    expect(page.get_by_role("heading", level=2, name="Доставка")).to_be_visible()


def find_date(day: str) -> date:
    """The next day of that name: «вторник, 24 ноября»."""
    number, month = day.split()[-2:]
    days = (datetime.now(MOSCOW).date() + timedelta(days=ahead) for ahead in range(60))
    return next(one for one in days if (one.day, MONTHS[one.month - 1]) == (int(number), month))


def hand_over(page: Page, shop: Shop, number: str, slot: Slot) -> None:
    """Find the order on the packing list of its day, tick it and hand it over."""
    page.goto(f"{shop.url}/admin/packing/")
    page.locator("input[name=day]").first.fill(find_date(slot.day).isoformat())
    page.get_by_role("button", name="Показать").press("Enter")  # the calendar hangs over it
    page.get_by_role("link", name=slot.hours).first.click()
    page.get_by_role("checkbox", name=number).check()
    page.get_by_role("button", name="Передать отмеченные курьеру").click()
    expect(page.get_by_role("checkbox", name=number)).to_have_count(0, timeout=PATIENCE)
    open_order(page, shop, number)
    expect(page.locator(".order-head__state")).to_contain_text("передана курьеру", timeout=PATIENCE)


def find_round(page: Page, shop: Shop, day: str) -> str:
    """The link of the day that a manager sends to the courier."""
    page.goto(f"{shop.url}/admin/couriers/")
    column = page.locator("thead th").all_inner_texts().index(day)
    courier = page.locator("tbody tr", has_text="Кирилл Возилов")
    return courier.locator("td").nth(column).get_by_role("link").get_attribute("href")


def find_stop(page: Page, number: str) -> Locator:
    return page.locator(f"#stop-{number}")


def set_off(stop: Locator) -> None:
    stop.get_by_role("button", name="Выезжаю").click()
    expect(stop.locator(".stop__head")).to_contain_text("в пути", timeout=PATIENCE)


def deliver(stop: Locator, note: str) -> None:
    step = stop.locator("details", has=stop.page.locator("button[value=deliver]"))
    step.locator("summary").click()
    step.locator("input[name=note]").fill(note)
    step.get_by_role("button", name="Да, доставлено").click()
    expect(stop.locator(".stop__head")).to_contain_text("доставлена", timeout=PATIENCE)


def expect_step(shopper: Shopper, title: str) -> None:
    """The order's page says by itself, or once it is loaded again, that the order has come this far."""
    reached = shopper.page.locator("#order-state .timeline__step:not(.timeline__step--todo)").last
    shopper.wait_until(lambda: title in reached.inner_text(), f"“{title}”")


def list_letters(shop: Shop, to: str, number: str) -> list[str]:
    """What the subjects of the letters about the order say after its number."""
    subjects = [mail["subject"] for mail in shop.read_mail(to, number)]
    return [subject.partition(number)[2].strip() for subject in subjects]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_paid_order_reaches_its_door(shop: Shop, visit: Callable[..., Page], script: bool) -> None:
    page = visit(java_script_enabled=script)
    shopper = Shopper(shop, page, "ru", scripted=script)
    number = buy_berry(shopper)
    expect_step(shopper, "Собираем")
    slot = change_slot(shopper, number)
    shopper.expect_text(f"{slot} (по московскому времени)")
    letter = shop.wait_for_mail(shopper.email, f"Заказ {number} {LETTERS[0]}")
    assert str(slot) in letter["text"]

    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    desk = visit(viewport={"width": 1280, "height": 1000})
    sign_in(desk, shop, "manager")
    open_order(desk, shop, number)
    expect(desk.get_by_role("main")).to_contain_text(str(slot))
    hand_over(desk, shop, number, slot)
    expect_step(shopper, "Передан курьеру")
    shop.wait_for_mail(shopper.email, f"Заказ {number} {LETTERS[1]}")

    phone = visit(java_script_enabled=script, viewport={"width": 360, "height": 780})
    sign_in(phone, shop, "courier")
    phone.goto(f"{shop.url}/courier/")
    expect(phone.get_by_role("main")).to_contain_text("Кирилл Возилов")
    phone.goto(find_round(desk, shop, slot.day))
    stop = find_stop(phone, number)
    expect(stop.locator(".stop__hours")).to_have_text(slot.hours)
    set_off(stop)
    expect_step(shopper, "В пути")
    shop.wait_for_mail(shopper.email, f"Заказ {number} {LETTERS[2]}")

    deliver(stop, NOTE)
    expect_step(shopper, "Доставлен")
    expect(page.locator("#order-state")).to_contain_text(NOTE)
    shop.wait_for_mail(shopper.email, f"Заказ {number} {LETTERS[3]}")

    assert not (script and loads), "the page follows without being loaded again"
    assert sorted(list_letters(shop, shopper.email, number)) == sorted(["оплачен", *LETTERS])
    assert run_in_shop(STATUS.format(number=number)).split() == [
        "delivered",
        "delivered",
        shop.users["courier"]["email"],
    ]
    open_order(desk, shop, number)
    expect(desk.locator(".order-head__state")).to_contain_text("доставлена")
