"""What a letter says and bears, on paper and in its headers."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from pytest_django.asserts import assertContains

from home.newsletter.content import build_pieces
from home.newsletter.emails import UNSUBSCRIBE_MARK, freeze_letter
from home.newsletter.models import Delivery, NewsletterConsent, Subscriber
from home.newsletter.richtext import write_as_text
from home.newsletter.testing import send_test
from shop.catalog.models import Pack
from tests.factories.catalog import make_offered_berry
from tests.factories.newsletter import make_issue, make_mailing, make_subscriber, send, start
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


def make_full_issue(**fields):
    page = make_offered_berry(season_months=[7, 8])
    article = ArticlePageFactory(title="Как хранить", lead="В холоде.")
    blocks = [
        ("text", f'<h2>Спелая</h2><p>И <b>душистая</b>. <a linktype="page" id="{page.pk}">Купить</a></p>'),
        ("berries", {"title": "Наш выбор", "berries": [{"type": "item", "value": page.berry_id, "id": "1"}]}),
        ("articles", {"title": "Почитать", "articles": [{"type": "item", "value": article.pk, "id": "2"}]}),
        ("action", {"label": "Все ягоды", "page": None, "url": "https://anyberry.example/catalog/"}),
    ]
    return make_issue(blocks=blocks, **fields), page


def send_full_issue():
    make_subscriber("anna@example.com")
    issue, page = make_full_issue()
    mailing = make_mailing(issue)
    start(mailing)
    return mailing, page


class TestContent:
    def test_both_parts_say_all_with_absolute_links(self, settings):
        issue, page = make_full_issue()
        letter = freeze_letter(issue)

        for part in (letter.text, unescape(letter.html)):
            for expected in (
                "Спелая",
                page.title,
                f"390{NBSP}₽",
                f"780{NBSP}₽",
                f"500{NBSP}г",
                f"{settings.SITE_URL}{page.url}",
                "Как хранить",
                "В холоде.",
                "https://anyberry.example/catalog/",
                f"{settings.SITE_URL}{issue.url}",
                UNSUBSCRIBE_MARK,
            ):
                assert expected in part, expected
        assert not re.search(r"""(?:href|src)=["'](?!https?:|mailto:)""", letter.html)

    def test_styles_are_written_on_the_elements_and_no_script_or_pixel_is_in_it(self):
        letter = freeze_letter(make_full_issue()[0])

        assert re.search(r'<a[^>]*class="button"[^>]*style="', letter.html)
        assert "prefers-color-scheme: dark" in letter.html
        assert "<script" not in letter.html
        assert 'width="1"' not in letter.html
        assert "Первая в году" in letter.html  # the preheader
        assert not letter.is_too_long

    def test_prices_of_a_sent_letter_stay_as_they_were(self, client):
        mailing, _page = send_full_issue()
        Pack.objects.update(price=Decimal(555))
        send(mailing)

        assert f"390{NBSP}₽" in mail.outbox[0].body
        response = client.get(mailing.page.url)
        assertContains(response, f"390{NBSP}₽")
        assert f"555{NBSP}₽" not in response.content.decode()

    def test_what_is_gone_is_left_out(self):
        issue, page = make_full_issue()
        ArticlePageFactory._meta.model.objects.all().delete()
        page.unpublish()

        kinds = [piece.kind for piece in build_pieces(issue)]

        assert kinds == ["text", "berries", "action"]
        assert "Купить" in build_pieces(issue)[0].html

    @pytest.mark.parametrize(
        "block",
        [
            ("berries", {"title": "x", "berries": [{"type": "item", "value": 10**9, "id": "1"}]}),
            ("berries", {"title": "x", "berries": [{"type": "item", "value": None, "id": "1"}]}),
            ("articles", {"title": "x", "articles": []}),
            ("picture", {"image": 10**9, "alt": "x", "caption": ""}),
            ("picture", {"image": None, "alt": "x", "caption": ""}),
            ("action", {"label": "x", "page": 10**9, "url": ""}),
            ("text", ""),
        ],
    )
    def test_dangling_references_make_no_error(self, block, client):
        issue = make_issue(blocks=[block, ("text", "<p>Остаётся.</p>")])

        assert "Остаётся." in freeze_letter(issue).html
        assert client.get(issue.url).status_code == 200

    def test_queries_do_not_grow_with_the_blocks(self, django_assert_max_num_queries):
        berries = [make_offered_berry().berry_id for _number in range(6)]
        items = [{"type": "item", "value": pk, "id": str(pk)} for pk in berries]
        issue = make_issue(blocks=[("berries", {"title": "x", "berries": items})] * 5)

        with django_assert_max_num_queries(12):
            build_pieces(issue)

    def test_markup_becomes_text_that_reads_well(self):
        html = "<h2>Раз</h2><p>Два <a href='https://a.example'>три</a><br/>четыре</p><ol><li>пять</li><li>шесть</li></ol>"

        assert write_as_text(html) == "Раз\n\nДва три (https://a.example)\nчетыре\n\n1. пять\n2. шесть"

    def test_a_title_cannot_smuggle_headers_or_markup(self):
        issue = make_issue("<b>Малина</b>", subject="Малина\r\nBcc: all@example.com")
        letter = freeze_letter(issue)

        assert letter.subject == "Малина Bcc: all@example.com"
        assert "<b>Малина</b>" not in letter.html


class TestHeaders:
    def test_a_mail_program_can_unsubscribe_with_one_click(self):
        mailing, _page = send_full_issue()
        send(mailing)

        [message] = mail.outbox
        headers = message.message()
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        [url] = re.findall(r"<(https?://\S+)>", headers["List-Unsubscribe"])
        assert url in message.body
        assert url in unescape(message.alternatives[0][0])
        assert UNSUBSCRIBE_MARK not in message.body + message.alternatives[0][0]
        assert headers["Message-ID"] == f"<newsletter-{mailing.pk}-{Delivery.objects.get().pk}@127.0.0.1>"

    def test_each_reader_has_a_link_of_their_own(self):
        make_subscriber()
        mailing, _page = send_full_issue()
        send(mailing)

        links = {message.extra_headers["List-Unsubscribe"] for message in mail.outbox}
        assert len(links) == 2

    def test_a_test_is_the_newest_draft_and_in_no_figures(self):
        issue, _page = make_full_issue()
        issue.title = "Ещё не опубликовано"
        issue.save_revision()
        make_subscriber("editor@example.com")

        send_test(page=issue, to="editor@example.com")

        [message] = mail.outbox
        assert "Ещё не опубликовано" in message.subject
        assert "List-Unsubscribe" not in message.extra_headers
        assert UNSUBSCRIBE_MARK not in message.body
        assert not Delivery.objects.exists()


class TestLeaving:
    @pytest.fixture
    def link(self):
        mailing, _page = send_full_issue()
        send(mailing)
        NewsletterConsent.objects.create(subscriber=Subscriber.objects.get(), version="1")
        return re.search(r"https?://[^/]+(/\S*/unsubscribe/\S+)", mail.outbox[0].body)[1]

    def test_looking_at_the_page_changes_nothing(self, client, link):
        assertContains(client.get(link), "a…@example.com")
        client.head(link)

        assert Subscriber.objects.get().status == "active"

    def test_one_click_works_without_cookies_token_or_redirect(self, link):
        stranger = Client(enforce_csrf_checks=True)

        response = stranger.post(
            link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )

        assert response.status_code == 200
        assert not response.cookies
        subscriber = Subscriber.objects.get()
        assert subscriber.status == "unsubscribed"
        assert subscriber.consents.get().withdrawn_at
        assert Delivery.objects.get().left_at

    def test_a_second_time_changes_nothing(self, client, link):
        client.post(link)
        before = Subscriber.objects.values().get(), Delivery.objects.values().get()

        assert client.post(link).status_code == 200

        assert (Subscriber.objects.values().get(), Delivery.objects.values().get()) == before

    def test_who_has_left_cannot_be_brought_back_by_an_old_link(self, client, link):
        from home.newsletter.links import make_confirm_url

        confirm = make_confirm_url(Subscriber.objects.get())
        client.post(link)

        assert client.post(confirm).status_code == 410
        assert Subscriber.objects.get().status == "unsubscribed"

    def test_the_link_in_english_letters_is_english(self):
        issue = make_issue(language="en")
        make_subscriber(language="en")
        mailing = make_mailing(issue, languages=["en"])
        start(mailing)
        send(mailing)

        assert "/en/newsletter/unsubscribe/" in mail.outbox[0].extra_headers["List-Unsubscribe"]
