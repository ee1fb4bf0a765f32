import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.asserts import assertContains, assertNotContains

from core.devmail import FolderBackend, list_letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DEV_MAIL_DIR = tmp_path / "mail"
    return settings.DEV_MAIL_DIR


def send(subject="Ваш код", text="Код: 123456", html=""):
    message = EmailMultiAlternatives(
        subject, text, "shop@example.com", ["anna@example.com"], connection=FolderBackend()
    )
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


def test_an_empty_mailbox_says_so(client):
    assertContains(client.get("/dev/mail/"), "Писем пока нет")
    assert client.get("/dev/mail/?format=json").json() == []


def test_programs_read_letters_newest_first(client):
    send("Первое")
    send("Второе 🍓", "Текст", "<p>Текст <b>здесь</b></p>")

    second, first = client.get("/dev/mail/?format=json").json()

    assert (first["subject"], second["subject"]) == ("Первое", "Второе 🍓")
    assert second["to"] == "anna@example.com"
    assert second["text"].strip() == "Текст"
    assert second["html"].strip() == "<p>Текст <b>здесь</b></p>"
    assert second["headers"]["From"] == "shop@example.com"
    assert first["html"] == ""


def test_a_person_reads_a_letter_and_its_html_is_locked_up(client):
    send("Чек", "Итого 390 ₽", "<style>p{}</style><p>Итого</p><script>alert(1)</script>")
    [letter] = list_letters()

    page = client.get("/dev/mail/", {"message": letter.name})
    html = client.get("/dev/mail/", {"message": letter.name, "format": "html"})

    assertContains(page, "Итого 390 ₽")
    assertNotContains(page, "<script>alert(1)")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script-src" not in html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing", "../../demo-users", "/etc/passwd", ""])
def test_a_letter_that_is_none_is_not_found(client, name):
    send()

    assert client.get("/dev/mail/", {"message": name}).status_code == 404


def test_many_writers_lose_nothing(folder):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: send(f"Письмо {number}"), range(40)))

    assert {letter.subject for letter in list_letters()} == {f"Письмо {number}" for number in range(40)}
    assert not list(folder.glob("*.new"))
    assert json.dumps([letter.headers for letter in list_letters()])
