"""The newsletter from its first word to the last unsubscription, in a browser, with the demo's mailbox."""

import re
import uuid
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.journeys.stack import Shop, wait_for
from tests.journeys.staff import find_page_id, press_action, run_in_shop, sign_in, write_text

pytestmark = pytest.mark.journey
READERS = 50
# People who confirmed long ago. The form lets one address of the network subscribe few in ten minutes.
OLD_READERS = """
from django.utils import timezone
from home.newsletter.models import Subscriber
missing = {readers} - Subscriber.objects.active().filter(language="ru").count()
known = {{"language": "ru", "status": "active", "confirmed_at": timezone.now()}}
Subscriber.objects.bulk_create(
    Subscriber(email=f"old{{number}}-{mark}@example.com", **known) for number in range(missing)
)
"""


def make_readers(mark: str) -> None:
    """Let there be READERS active ones who read Russian."""
    run_in_shop(OLD_READERS.format(readers=READERS, mark=mark))


def subscribe(page: Page, shop: Shop, email: str) -> None:
    """By the form of the front page, then by the button behind the letter's link."""
    page.goto(shop.url)
    form = page.locator("form.newsletter").first
    form.locator("input[name=email]").fill(email)
    form.locator("input[name=consent]").check()
    form.get_by_role("button").click()
    page.wait_for_url("**/newsletter/sent/")
    page.goto(find_link(shop.wait_for_mail(email), "confirm"))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("main")).to_contain_text("Вы подписаны")


def find_link(mail: dict, word: str) -> str:
    return re.search(rf"https?://\S+/{word}/\S+", mail["text"])[0]


def compose(page: Page, shop: Shop, title: str) -> None:
    """Write an issue and publish it, in the admin."""
    archive = find_page_id(page, shop, "newsletter")
    page.goto(f"{shop.url}/admin/pages/add/home/newsletterpage/{archive}/")
    page.locator("#id_title").fill(title)
    page.locator("#id_preheader").fill("Ежевика, и больше ничего")
    write_text(page, "Ежевика спелая и тёмная.")
    press_action(page, "action-publish")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"), timeout=60_000)


def open_desk(page: Page, shop: Shop, title: str) -> None:
    page.goto(f"{shop.url}/admin/newsletter/")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("main")).to_contain_text(title)


def read_figures(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".newsletter-figures dd").all_inner_texts()]


def test_an_issue_from_the_first_word_to_the_last_reader(
    shop: Shop, visit: Callable[..., Page], desk: Callable[[], Page]
) -> None:
    mark = uuid.uuid4().hex[:6]
    title, reader = f"Ежевика {mark}", f"reader-{mark}@example.com"
    subscribe(visit(), shop, reader)
    make_readers(mark)

    editor = desk()
    sign_in(editor, shop, "owner")
    compose(editor, shop, title)
    open_desk(editor, shop, title)
    editor.locator("form[action$='/test/']").get_by_role("button").click()
    tested = shop.wait_for_mail(shop.users["owner"]["email"], title)
    assert "Ежевика спелая и тёмная." in tested["text"]

    editor.locator("main form:has(input[name=languages])").get_by_role("button").click()
    readers = int(re.search(r"\d+", editor.locator(".newsletter-count").inner_text())[0])
    assert readers >= READERS  # a demo that runs already may have more
    assert shop.read_mail(reader, title) == []
    editor.locator("button[name=when][value=now]").click()

    def count_sent() -> bool:
        editor.reload()
        return read_figures(editor)[:2] == [readers, 0]

    wait_for(count_sent, f"{readers} letters in the figures")
    letters = [mail for mail in shop.read_mail("@example.com") if mail["subject"] == title]
    assert len({str(mail["to"]) for mail in letters}) == len(letters) == readers

    leave_by_link(visit(), next(mail for mail in letters if reader in mail["to"]))
    leave_by_post(next(mail for mail in letters if reader not in mail["to"]))
    editor.reload()
    assert read_figures(editor)[-1] == 2


def leave_by_link(page: Page, mail: dict) -> None:
    page.goto(find_link(mail, "unsubscribe"))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("main")).to_contain_text("Вы отписаны")


def leave_by_post(mail: dict) -> None:
    """As mail programs do: no cookie, no page, one request (RFC 8058)."""
    url = re.search("<(.+)>", mail["headers"]["List-Unsubscribe"])[1]
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = requests.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=10, allow_redirects=False)
    assert answer.status_code == 200
