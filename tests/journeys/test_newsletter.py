"""The newsletter from its first word to the last unsubscription, in a browser, with the demo's mailbox."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.journeys.stack import ROOT, VAR_DIR, Shop, wait_for

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
    running = os.environ.get("ANYBERRY_DEMO")
    var_dir = Path(running).parent if running else VAR_DIR
    environment = {
        **os.environ,
        "VAR_DIR": str(var_dir),
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.development",
    }
    environment = {
        name: value for name, value in environment.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    script = OLD_READERS.format(readers=READERS, mark=mark)
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", script], cwd=ROOT, env=environment, check=True
    )


def sign_in(page: Page, shop: Shop, role: str) -> None:
    page.goto(f"{shop.url}/account/login/")
    page.locator("input[name=login]").fill(shop.users[role]["email"])
    page.locator("input[name=password]").fill(shop.users[role]["password"])
    page.locator("form:has(input[name=password])").get_by_role("button").last.click()
    page.wait_for_url(lambda url: "login" not in url)


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
    pages = page.request.get(f"{shop.url}/admin/api/main/pages/?slug=newsletter").json()["items"]
    archive = next(item["id"] for item in pages if item["meta"]["locale"] == "ru")
    page.goto(f"{shop.url}/admin/pages/add/home/newsletterpage/{archive}/")
    page.locator("#id_title").fill(title)
    page.locator("#id_preheader").fill("Ежевика, и больше ничего")
    page.locator("[data-contentpath=body] .c-sf-add-button").first.click()
    page.locator(".w-combobox__option", has_text="Текст").first.click()
    page.locator("[data-contentpath=body] .public-DraftEditor-content").click()
    page.keyboard.type("Ежевика спелая и тёмная.")
    typed = page.locator("[data-contentpath=body] [name='body-0-value']")
    expect(typed).to_have_value(re.compile("Ежевика спелая и тёмная"))
    page.locator(
        "footer [data-w-dropdown-target=toggle], .footer [data-w-dropdown-target=toggle]"
    ).last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"), timeout=60_000)


def open_desk(page: Page, shop: Shop, title: str) -> None:
    page.goto(f"{shop.url}/admin/newsletter/")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("main")).to_contain_text(title)


def read_figures(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".newsletter-figures dd").all_inner_texts()]


@pytest.fixture
def editor(browser: Browser) -> Iterator[Page]:
    """A page for the admin. Wagtail's autosave is refused while a form is half filled in: no fault."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ru-RU")
    yield context.new_page()
    context.close()


def test_an_issue_from_the_first_word_to_the_last_reader(
    shop: Shop, visit: Callable[..., Page], editor: Page
) -> None:
    mark = uuid.uuid4().hex[:6]
    title, reader = f"Ежевика {mark}", f"reader-{mark}@example.com"
    subscribe(visit(), shop, reader)
    make_readers(mark)

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
