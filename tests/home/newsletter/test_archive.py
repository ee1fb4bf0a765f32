"""What the public sees: the archive, its issues, its feed."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from tests.factories.catalog import get_front_page
from tests.factories.newsletter import get_index_page, make_issue, make_mailing, send, start

pytestmark = pytest.mark.django_db


def make_sent_issue(title, **fields):
    issue = make_issue(title, **fields)
    mailing = make_mailing(issue, languages=[issue.locale.language_code])
    start(mailing)
    send(mailing)
    return issue


def test_without_an_archive_there_is_the_form(client):
    get_front_page()

    assertContains(client.get("/newsletter/"), 'name="email"')


def test_lists_what_was_sent_and_nothing_else(client):
    sent = make_sent_issue("Разослано")
    make_issue("Только опубликовано")
    make_sent_issue("Sent", language="en")

    response = client.get("/newsletter/")

    assertContains(response, sent.url)
    assertContains(response, 'name="email"')
    assertNotContains(response, "Только опубликовано")
    assertContains(client.get("/en/newsletter/"), "Sent")
    assertNotContains(client.get("/en/newsletter/"), "Разослано")


def test_an_archive_elsewhere_is_led_to(client):
    page = get_index_page()
    page.slug = "letters"
    page.save()

    assertRedirects(client.get("/newsletter/"), "/letters/")


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for number in range(15):
        make_sent_issue(f"Письмо {number}")
    client.get("/newsletter/")

    with django_assert_max_num_queries(14):
        response = client.get("/newsletter/?page=2")
    assert len(response.context["issues"]) == 3
    assert client.get("/newsletter/?page=99999999999999999999").status_code == 200


def test_a_later_page_of_the_archive_is_a_page_of_its_own(client, settings, monkeypatch):
    monkeypatch.setattr("home.newsletter.views.ISSUES_A_PAGE", 1)
    for number in range(2):
        make_sent_issue(f"Письмо {number}")

    first, second = client.get("/newsletter/"), client.get("/newsletter/?page=2")

    assertContains(first, f'href="{settings.SITE_URL}/newsletter/">')
    assertContains(first, 'hreflang="x-default"')
    assertContains(second, f'href="{settings.SITE_URL}/newsletter/?page=2">')
    assertContains(second, "страница 2 |")
    assertNotContains(second, 'hreflang="x-default"')


def test_an_issue_that_was_not_sent_shows_the_prices_of_today(client):
    assertContains(client.get(make_issue().url), "Спелая.")


def test_the_feed_has_what_was_sent(client, settings):
    issue = make_sent_issue("Малина <&]]> пошла")
    make_issue("Только опубликовано")

    response = client.get("/feed/newsletter/", headers={"Accept": "application/rss+xml"})

    assertContains(response, f"{settings.SITE_URL}{issue.url}")
    assertNotContains(response, "Только опубликовано")
    assert (
        client.get("/en/feed/newsletter/atom/", headers={"Accept": "application/atom+xml"}).status_code == 200
    )


@pytest.mark.parametrize("slug", ["feed", "subscribe", "unsubscribe"])
def test_an_issue_cannot_take_an_address_of_ours(slug):
    from django.core.exceptions import ValidationError

    issue = make_issue()
    issue.slug = slug

    with pytest.raises(ValidationError):
        issue.clean()
