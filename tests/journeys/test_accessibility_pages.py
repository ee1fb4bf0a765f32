"""axe finds nothing on a page of every kind that editors make."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import Violation, find_violations
from tests.journeys.shopper import Shopper
from tests.journeys.stack import Shop
from tests.journeys.staff import run_in_shop, set_publicity

pytestmark = pytest.mark.journey
# Addresses that are no page of Wagtail's.
ELSEWHERE = (
    "/newsletter/subscribe/",
    "/feed/",
    "/feed/journal/",
    "/season/",
    "/search/?q=%D0%BC%D0%B0%D0%BB%D0%B8%D0%BD%D0%B0",
    "/search/?q=zzzzzz",
)
MISSING = "/no/such/page/"
# A page of every model, and all pages of plain words.
PAGES = """
from wagtail.models import Page, get_page_models
for model in get_page_models():
    pages = Page.objects.live().exact_type(model).filter(locale__language_code="{language}", depth__gt=1)
    pages = pages.exclude(content_type__app_label="wagtailcore")
    for page in pages.order_by("path")[: None if model.__name__ == "StandardPage" else 1]:
        print(page.url)
"""
COMMENT = """
from accounts.models import User
from home.journal.comments.models import Comment
from home.journal.models import ArticlePage
for page in ArticlePage.objects.live():
    Comment.objects.update_or_create(
        user=User.objects.get(email="shopper@anyberry.example"), page=page,
        defaults={"text": "Спасибо, так и сделаю.", "answer": "На здоровье!", "status": "published",
                  "language": page.locale.language_code},
    )
"""
FORGET = """
from home.journal.comments.models import Comment
Comment.objects.filter(user__email="shopper@anyberry.example").delete()
"""
UNSUBSCRIBE = """
from home.newsletter.links import make_unsubscribe_url
from home.newsletter.models import Subscriber
print(make_unsubscribe_url(Subscriber.objects.first()))
"""
BOUGHT = """
from django.utils import timezone
from shop.orders.models import Order
order = Order.objects.filter(user__email="{email}").get()
Order.objects.filter(pk=order.pk).update(status="paid", paid_at=timezone.now())
print(order.lines.first().pack.berry_id)
"""
NOT_BOUGHT = """
from shop.orders.models import Order
Order.objects.filter(user__email="{email}").update(status="pending", paid_at=None)
"""


@pytest.fixture
def comments() -> Iterator[None]:
    """A published comment with our answer under every article."""
    run_in_shop(COMMENT)
    yield
    run_in_shop(FORGET)


@pytest.fixture
def counter() -> Iterator[None]:
    """The shop with a counter; without it afterwards."""
    set_publicity({"metrica_id": "12345678"})
    yield
    set_publicity({"metrica_id": ""})


def look(page: Page, url: str) -> list[Violation]:
    """What axe says of the address."""
    page.goto(url)
    return find_violations(page)


def write_down(found: list[Violation]) -> str:
    return "\n".join(map(str, found))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_of_every_kind_have_no_violation(
    shop: Shop, desk: Callable[[], Page], comments: None, language: str
) -> None:
    page = desk()  # no `visit`: letters name the host they were sent from
    start = "" if language == "ru" else "/en"
    page.set_viewport_size({"width": 360, "height": 740})
    paths = run_in_shop(PAGES.format(language=language)).split()
    assert len(paths) > len(ELSEWHERE)

    found = [
        violation
        for path in (*paths, *(start + path for path in ELSEWHERE))
        for violation in look(page, shop.url + path)
    ]

    assert not found, write_down(found)


@pytest.mark.parametrize("start", ["", "/en"])
def test_a_page_that_is_missing_has_no_violation(shop: Shop, desk: Callable[[], Page], start: str) -> None:
    found = look(desk(), f"{shop.url}{start}{MISSING}")  # no `visit`: a 404 is a fault there

    assert not found, write_down(found)


def test_the_way_out_of_the_newsletter_has_no_violation(shop: Shop, visit: Callable[..., Page]) -> None:
    address = urlsplit(run_in_shop(UNSUBSCRIBE).strip())

    found = look(visit(), shop.url + address.path)

    assert not found, write_down(found)


def test_the_question_about_counters_has_no_violation(
    shop: Shop, visit: Callable[..., Page], counter: None
) -> None:
    page = visit()
    page.goto(shop.url)
    expect(page.locator("any-consent")).to_be_visible()

    found = look(page, shop.url)

    assert not found, write_down(found)


def test_the_form_of_a_review_has_no_violation(shop: Shop, desk: Callable[[], Page]) -> None:
    shopper = Shopper(shop, desk(), "ru")  # no `visit`: a refused form (422) is a fault there
    shopper.choose_berry()
    shopper.press_add()
    shopper.register()
    shopper.fill_checkout()
    shopper.place_order()
    berry = run_in_shop(BOUGHT.format(email=shopper.email)).strip()
    address = f"{shop.url}/reviews/{berry}/"

    found = look(shopper.page, address)
    shopper.submit("textarea[name=text]")  # nothing is chosen: the form says so
    found += find_violations(shopper.page)
    run_in_shop(NOT_BOUGHT.format(email=shopper.email))

    assert not found, write_down(found)
