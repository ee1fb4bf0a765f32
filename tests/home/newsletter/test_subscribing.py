"""Subscribing: double opt-in, one answer for every address, proof of consent."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from core.handing import MailServerAway
from core.seller import get_seller
from home.newsletter import answering, jobs, services
from home.newsletter.links import make_confirm_url
from home.newsletter.models import NewsletterConsent, Subscriber
from tests.factories.catalog import get_front_page
from tests.factories.newsletter import make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager_tasks")]
FORM = {"email": "anna@example.com", "consent": "on"}


@pytest.fixture(autouse=True)
def _site():
    get_front_page()
    get_front_page("en")


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def subscribe(client, commit):
    def post(email="anna@example.com", prefix="", headers=None, **changes):
        form = {**FORM, "email": email, **changes}
        with commit():
            return client.post(f"{prefix}/newsletter/subscribe/", form, headers=headers)

    return post


def find_link(message, word):
    return re.search(rf"https?://[^/]+(/\S*/{word}/\S+)", message.body)[1]


def test_asks_the_address_to_confirm(subscribe):
    response = subscribe("  Anna@Example.com ")

    assertRedirects(response, "/newsletter/sent/")
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.status, subscriber.language) == ("anna@example.com", "pending", "ru")
    [message] = mail.outbox
    assert message.to == ["anna@example.com"]
    assert message.alternatives[0][1] == "text/html"


def test_the_letter_speaks_the_language_of_the_page(subscribe):
    subscribe(prefix="/en")

    assert Subscriber.objects.get().language == "en"
    assert "/en/newsletter/confirm/" in mail.outbox[0].body


def test_keeps_the_proof_of_consent(subscribe, client):
    subscribe()
    client.post(find_link(mail.outbox[0], "confirm"))

    consent = NewsletterConsent.objects.get()
    assert consent.version == get_seller().privacy_version
    assert consent.ip_address == consent.confirmed_ip == "127.0.0.1"
    assert consent.given_at <= consent.confirmed_at
    assert consent.withdrawn_at is None


def test_a_get_of_the_link_confirms_nothing_and_a_post_does(subscribe, client):
    subscribe()
    link = find_link(mail.outbox[0], "confirm")

    assert client.get(link).status_code == 200
    assert Subscriber.objects.get().status == "pending"
    assert client.head(link).status_code == 200
    assert Subscriber.objects.get().status == "pending"

    assert client.post(link).status_code == 200
    assert Subscriber.objects.get().status == "active"


def test_confirming_asks_for_a_token_of_the_form():
    subscriber = make_subscriber(status="pending")
    careful = Client(enforce_csrf_checks=True)

    response = careful.post(make_confirm_url(subscriber))

    assert response.status_code == 403
    assert Subscriber.objects.get().status == "pending"


def test_a_link_is_good_for_two_days(client):
    subscriber = make_subscriber(status="pending")
    link = make_confirm_url(subscriber)

    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410

    assert Subscriber.objects.get().status == "pending"


@pytest.mark.parametrize("token", ["x", "a:b:c", "0" * 3000, "кот", "%00", "..%2f"])
def test_a_forged_link_does_nothing(client, token):
    make_subscriber(status="pending")

    for word in ("confirm", "unsubscribe"):
        assert client.post(f"/newsletter/{word}/{token}/").status_code in {400, 404, 410}
    assert Subscriber.objects.get().status == "pending"


@pytest.mark.parametrize("status", [None, "pending", "active", "unsubscribed"])
def test_answers_alike_whether_the_address_is_known_or_not(subscribe, client, status):
    if status:
        make_subscriber("anna@example.com", status=status)

    response = subscribe()

    assertRedirects(response, "/newsletter/sent/")
    assert "anna@example.com" in client.get("/newsletter/sent/").content.decode()
    assert [message.to for message in mail.outbox] == [["anna@example.com"]]


def test_who_reads_us_already_is_told_so_and_stays_active(subscribe):
    make_subscriber("anna@example.com")

    subscribe("ANNA@example.com")

    assert Subscriber.objects.get().status == "active"
    assert "/newsletter/confirm/" not in mail.outbox[0].body
    assert "/newsletter/unsubscribe/" in mail.outbox[0].body


def test_who_complained_of_spam_is_never_written_to(subscribe):
    make_subscriber(
        "anna@example.com", status="suppressed", suppressed_for="complaint", suppressed_at=timezone.now()
    )

    assertRedirects(subscribe(), "/newsletter/sent/")

    assert mail.outbox == []
    assert Subscriber.objects.get().status == "suppressed"


def test_a_mailbox_that_came_back_can_confirm_anew(subscribe, client):
    make_subscriber(
        "anna@example.com", status="suppressed", suppressed_for="bounce", suppressed_at=timezone.now()
    )

    subscribe()
    client.post(find_link(mail.outbox[0], "confirm"))

    assert Subscriber.objects.get().status == "active"


def test_one_address_gets_one_letter_in_five_minutes(subscribe, client, commit):
    subscribe()
    subscribe()
    assert len(mail.outbox) == 1

    with time_machine.travel(timezone.now() + timedelta(minutes=6)), commit():
        assertRedirects(client.post("/newsletter/resend/"), "/newsletter/sent/")
    assert len(mail.outbox) == 2
    assert NewsletterConsent.objects.count() == 1


def test_a_network_address_has_a_limit_wherever_it_says_it_comes_from(subscribe, client):
    for number in range(10):
        origin = {"x-forwarded-for": f"10.1.1.{number}"}
        assert subscribe(f"reader{number}@example.com", headers=origin).status_code == 302

    elsewhere = {"x-forwarded-for": "10.9.9.9"}
    answers = [
        subscribe("one-more@example.com", headers=elsewhere),
        client.post("/newsletter/resend/", headers=elsewhere),
    ]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert [int(answer["Retry-After"]) > 0 for answer in answers] == [True, True]
    assert len(mail.outbox) == 10
    assert not Subscriber.objects.filter(email="one-more@example.com").exists()


def test_robots_get_the_same_answer_and_are_forgotten(subscribe):
    assertRedirects(subscribe(website="https://spam.example"), "/newsletter/sent/")

    assert not Subscriber.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        "no address",
        "a@b",
        "x" * 300 + "@example.com",
        "a\0@example.com",
        "a@example.com\r\nBcc: b@example.com",
    ],
)
def test_refuses_what_is_no_address(subscribe, email):
    response = subscribe(email)

    assert response.status_code == 422
    assert response.context["newsletter_form"].errors["email"]
    assert not Subscriber.objects.exists()
    assert mail.outbox == []


def test_refuses_those_who_do_not_agree(subscribe):
    response = subscribe(consent="")

    assert response.status_code == 422
    assert response.context["newsletter_form"].errors["consent"]
    assert not Subscriber.objects.exists()


def test_resending_needs_an_address_entered_before(client):
    assertRedirects(client.post("/newsletter/resend/"), "/newsletter/subscribe/")
    assert client.get("/newsletter/resend/").status_code == 405


def test_an_address_is_unique_however_it_is_cased():
    make_subscriber("Anna@Example.com")

    services.subscribe(email="anna@example.COM", language="ru", ip_address=None)

    assert Subscriber.objects.count() == 1


def test_a_lost_task_is_made_up_for(commit):
    make_subscriber(status="pending", due_answer="confirm", answered_at=timezone.now() - timedelta(minutes=2))

    assert jobs.send_due_answers() == 1

    assert len(mail.outbox) == 1
    assert jobs.send_due_answers() == 0


@pytest.mark.parametrize("mood", ["451 Greylisted", "421 Too many connections", "drop"])
def test_a_letter_that_the_mail_server_puts_off_is_due_still(smtp_server, mood):
    subscriber = make_subscriber(status="pending", due_answer="confirm", answered_at=timezone.now())

    with smtp_server.being(RCPT=mood), pytest.raises(MailServerAway):
        answering.send_answer(subscriber_id=subscriber.pk)
    assert smtp_server.mails == []

    assert answering.send_answer(subscriber_id=subscriber.pk)
    assert [message["To"] for message in smtp_server.mails] == [subscriber.email]


def test_a_letter_that_is_refused_for_good_is_not_tried_again(smtp_server):
    subscriber = make_subscriber(status="pending", due_answer="confirm", answered_at=timezone.now())

    with smtp_server.being(RCPT="550 No such user"):
        assert not answering.send_answer(subscriber_id=subscriber.pk)

    assert not answering.send_answer(subscriber_id=subscriber.pk)
    assert smtp_server.mails == []


def test_who_never_confirms_is_forgotten_after_a_week():
    old = timezone.now() - timedelta(days=8)
    make_subscriber("old@example.com", status="pending", asked_at=old)
    make_subscriber("new@example.com", status="pending")
    make_subscriber("active@example.com", asked_at=old)

    assert jobs.forget_unconfirmed() == 1

    assert not Subscriber.objects.filter(email="old@example.com").exists()
    assert Subscriber.objects.count() == 2
