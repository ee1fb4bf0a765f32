"""Every mail the shop can send, in both languages: whole, translated, safe in the dark, readable as text."""

import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from core.mailbook import MailSample, list_samples

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates/emails"
MISSING = "nothing-of-that-name"
# Names that are the same in every language.
SAME = {"Anyberry", "YooKassa", "Yandex", "LETO", "BR", "order", "total"}
LINKS = re.compile(r"https?://\S+|\S+@\S+")
ABSOLUTE = re.compile(r"https?://[\w.:-]+(/|$)|mailto:")
VOID = {"meta", "br", "img", "hr", "link", "input"}


@dataclass
class Built:
    """A mail of the catalog, and what its HTML is made of."""

    subject: str
    body: str
    html: str
    tags: "Tags"

    @property
    def words(self) -> str:
        """All that a reader sees, without links."""
        return LINKS.sub(" ", " ".join([self.subject, self.body, *self.tags.words]))


@pytest.fixture(params=["ru", "en"])
def language(request) -> str:
    return request.param


@pytest.fixture
def mails(language) -> dict[str, Built]:
    """Every mail of the catalog in the language, by name."""
    return build_all(language)


@cache
def build_all(language: str) -> dict[str, Built]:
    engine = engines["django"].engine
    engine.string_if_invalid = MISSING
    try:
        return {sample.name: build(sample, language) for sample in list_samples()}
    finally:
        engine.string_if_invalid = ""


def build(sample: MailSample, language: str) -> Built:
    message = sample.build(language)
    [(html, kind)] = [(part.content, part.mimetype) for part in message.alternatives]
    assert kind == "text/html"
    tags = Tags()
    tags.feed(html)
    return Built(message.subject, message.body, html, tags)


def find_faults(mails: dict[str, Built], find) -> dict[str, object]:
    """What is wrong, by the mail that it is wrong with."""
    return {name: fault for name, mail in mails.items() if (fault := find(mail))}


class Tags(HTMLParser):
    """Whether every tag that is opened is closed, what text there is, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.links, self.words, self.unstyled = [], [], [], []

    def handle_starttag(self, tag, attributes) -> None:
        if tag not in VOID:
            self.open.append(tag)
        facts = dict(attributes)
        self.links += [facts[name] for name in ("href", "src") if name in facts]
        if tag in {"a", "h1", "p"} and "style" not in facts:
            self.unstyled.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.words.append(data)


def test_both_parts_are_there_and_no_name_is_missing(mails):
    def find(mail):
        parts = (mail.subject, mail.body, mail.html)
        return [part for part in parts if not part.strip() or MISSING in part or "%(" in part]

    assert find_faults(mails, find) == {}


def test_subjects_are_one_line_and_not_too_long(mails):
    assert find_faults(mails, lambda mail: "\n" in mail.subject or len(mail.subject) > 120) == {}


def test_plain_text_is_plain(mails):
    def find(mail):
        return re.findall(r"&\w+;|&#\d+;|</?\w+[^>]*>|\n{3,}|^\s|\s{2}$", mail.body)

    assert find_faults(mails, find) == {}


def test_html_is_whole_and_dressed_for_mail_programs(mails, language):
    assert find_faults(mails, lambda mail: mail.tags.open or mail.tags.unstyled) == {}
    assert find_faults(mails, lambda mail: f'<html lang="{language}"' not in mail.html) == {}
    assert find_faults(mails, lambda mail: "<script" in mail.html) == {}
    # Gmail cuts off what is longer.
    assert find_faults(mails, lambda mail: len(mail.html.encode()) > 100_000) == {}


@pytest.mark.parametrize(
    "needed",
    [
        '<meta name="color-scheme" content="light dark">',
        '<meta name="supported-color-schemes" content="light dark">',
        "@media (prefers-color-scheme: dark)",
    ],
)
def test_the_mail_is_safe_in_the_dark(mails, needed):
    assert find_faults(mails, lambda mail: needed not in mail.html) == {}


def test_links_are_whole(mails):
    def find(mail):
        return [link for link in mail.tags.links if not ABSOLUTE.match(link)]

    assert find_faults(mails, find) == {}
    assert find_faults(mails, lambda mail: not mail.tags.links or "testserver" in mail.body) == {}


def test_nothing_is_left_untranslated(mails, language):
    def find(mail):
        if language == "en":
            return re.findall(r"[А-Яа-яЁё]+", mail.words)
        return set(re.findall(r"(?<![\w.-])[A-Za-z]{3,}(?![\w-])", mail.words)) - SAME

    assert find_faults(mails, find) == {}


def test_sums_never_break_over_two_lines(mails):
    assert find_faults(mails, lambda mail: re.findall(r"\d ₽", mail.subject + mail.body + mail.html)) == {}


def test_every_template_is_in_the_catalog():
    written = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.subject.txt")}

    shown = {f"{sample.template}.subject.txt" for sample in list_samples()}

    assert written - shown == set()
    assert shown - written == set()


def test_the_catalog_is_shown_to_developers(client):
    page = client.get("/dev/mails/").content.decode()

    assert all(f'href="/dev/mails/{sample.name}/"' in page for sample in list_samples())


@pytest.mark.parametrize("show", ["light", "dark", "text"])
def test_a_mail_of_the_catalog_is_shown(client, language, show):
    page = client.get(f"/dev/mails/orders/cheque/?lang={language}&show={show}")
    body = client.get(f"/dev/mails/orders/cheque/body/?lang={language}&show={show}")

    assert (page.status_code, body.status_code) == (200, 200)
    assert ("<iframe" in page.content.decode()) == (show != "text")
    assert "sandbox" in body["Content-Security-Policy"]
    assert ("@media all" in body.content.decode()) == (show == "dark")


@pytest.mark.parametrize("path", ["nothing", "orders/../cheque", "orders/cheque/body/nothing"])
def test_a_mail_that_is_in_no_catalog_is_not_found(client, path):
    assert client.get(f"/dev/mails/{path}/").status_code == 404


@pytest.mark.parametrize("query", ["?lang=\0&show=\0", "?lang=fr&show=loud", "?show=" + "x" * 5000])
def test_a_choice_nobody_offers_is_the_usual_one(client, query):
    page = client.get(f"/dev/mails/orders/cheque/{query}")

    assert page.status_code in {200, 400}
    if page.status_code == 200:
        assert "<iframe" in page.content.decode()
