"""A walk over every page of the demo that a visitor can reach by links, in both languages."""

import gzip
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib
import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop.cart.services import add_to_cart
from shop.catalog.models import Pack
from tests.demo.markup import XML, list_faults

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOST = "http://testserver"
# Not pages, or one person's own.
ELSEWHERE = ("/media/", "/static/", "/admin/", "/account/", "/documents/", "/dev/", "/api/")
HEAVIEST = 20_000  # bytes of HTML, compressed
# Pages that the walk passes by: for guests, and for somebody who is signed in.
APART = ("/no/such/page/", *(f"/account/{name}/" for name in ("login", "signup", "password/reset")))
OWN = (
    *("/cart/", "/checkout/", "/orders/", "/favorites/"),
    *(f"/account/{name}" for name in ("", "addresses/", "addresses/add/", "sessions/", "data/", "close/")),
)
HIDDEN = {f"{XML}{name}" for name in ("script", "style", "template")}
SHOWN_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "content")
# The name of the other language, in itself.
# The second is an address as it stands on the house and on every map.
ALLOWED_CYRILLIC = {"Русский", "Москва, улица Покровка, 17, стр. 1"}
# Names, and the Open Graph protocol's word for a page to read.
ENGLISH_EVERYWHERE = {"Telegram", "Anyberry", "Atom", "RSS", "JavaScript", "article"}


@dataclass(frozen=True)
class Visited:
    """One page: its status, its markup as a tree, and what html5lib says against it."""

    path: str
    status: int
    tree: object
    errors: list
    weight: int = 0  # in bytes, as it is sent

    def list_faults(self):
        """What a validator says against it."""
        return [*self.errors, *(list_faults(self.tree) if self.tree is not None else ())]

    def list_texts(self):
        """Everything a person may read or hear, piece by piece."""
        for element in self.tree.iter():
            if element.tag in HIDDEN or not isinstance(element.tag, str):
                continue
            yield from (element.text, *(element.get(name) for name in SHOWN_ATTRIBUTES))
        yield from (element.tail for element in self.tree.iter())


def visit(client, path):
    response = client.get(path)
    if response.status_code == 302 or not response.get("Content-Type", "").startswith("text/html"):
        return Visited(path, response.status_code, None, [])
    parser = html5lib.HTMLParser()
    tree = parser.parse(response.content.decode())
    return Visited(path, response.status_code, tree, parser.errors, len(gzip.compress(response.content)))


def list_links(page):
    """The pages that this one leads to. Filters multiply without end, so only topics are followed."""
    for link in page.tree.iter(f"{XML}a"):
        url = urlsplit(urldefrag(urljoin(f"{HOST}{page.path}", link.get("href", ""))).url)
        is_ours = f"{url.scheme}://{url.netloc}" == HOST and not url.path.startswith(ELSEWHERE)
        is_ours = is_ours and not url.path.removeprefix("/en").startswith(ELSEWHERE)
        if is_ours and (not url.query or url.query.startswith("topic=")):
            yield url.path + (f"?{url.query}" if url.query else "")


@pytest.fixture(scope="module")
def pages(demo_shop, django_db_blocker):
    """Every page that the two front pages lead to, however far away, by its path."""
    found: dict[str, Visited] = {}
    waiting = ["/", "/en/"]
    client = Client(headers={"Accept": "text/html"})
    with django_db_blocker.unblock():
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            found[path] = visit(client, path)
            if found[path].tree is not None:
                waiting += list_links(found[path])
    return found


def test_reaches_the_whole_shop_in_both_languages(pages):
    english = [path for path in pages if path.startswith("/en/")]

    assert len(english) > 40
    assert len(pages) - len(english) > 40
    assert {"/journal/klyukvennyj-mors/", "/en/journal/cranberry-mors/", "/journal/?topic=recipes"} <= set(
        pages
    )


def test_every_link_answers(pages):
    """A cart or a wish list leads guests to the way in."""
    assert {path: page.status for path, page in pages.items() if page.status not in {200, 302}} == {}


def test_every_page_has_one_heading_of_the_first_rank(pages):
    counts = {
        path: sum(1 for _heading in page.tree.iter(f"{XML}h1"))
        for path, page in pages.items()
        if page.tree is not None
    }

    assert {path: count for path, count in counts.items() if count != 1} == {}


def test_markup_is_valid(pages):
    found = {path: page.list_faults() for path, page in pages.items()}

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", ["", "/en"])
def test_markup_is_valid_where_no_link_leads_a_guest(demo_shop, db, language):
    client = Client(headers={"Accept": "text/html"})
    found = {path: visit(client, f"{language}{path}").list_faults() for path in APART}
    shopper = User.objects.get(email="shopper@anyberry.example")
    client.force_login(shopper)
    in_stock = Pack.objects.for_sale().with_left(timezone.localdate()).filter(left__gt=0)
    add_to_cart(user=shopper, pack_id=in_stock[0].pk)
    found |= {path: visit(client, f"{language}{path}").list_faults() for path in OWN}

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_no_page_is_heavier_than_20_kb(pages):
    assert {path: page.weight for path, page in pages.items() if page.weight > HEAVIEST} == {}


def test_no_id_is_given_twice(pages):
    twice = {}
    for path, page in pages.items():
        ids = Counter(e.get("id") for e in page.tree.iter() if e.get("id")) if page.tree is not None else {}
        if repeated := [name for name, count in ids.items() if count > 1]:
            twice[path] = repeated

    assert twice == {}


def test_english_pages_hold_no_russian_letters(pages):
    found = {
        (path, text.strip())
        for path, page in pages.items()
        if path.startswith("/en/") and page.tree is not None
        for text in page.list_texts()
        if text and re.search("[А-Яа-яЁё]", text) and text.strip() not in ALLOWED_CYRILLIC
    }

    assert found == set()


def test_russian_pages_hold_no_untranslated_message(pages):
    catalogue = polib.pofile(settings.BASE_DIR / "locale/ru/LC_MESSAGES/django.po")
    english = {entry.msgid for entry in catalogue if entry.msgid != entry.msgstr and "%" not in entry.msgid}
    found = {
        (path, text.strip())
        for path, page in pages.items()
        if not path.startswith("/en/") and page.tree is not None
        for text in page.list_texts()
        if text and text.strip() in english - ENGLISH_EVERYWHERE
    }

    assert found == set()
