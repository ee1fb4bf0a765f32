"""Whom a mailing addresses, and what the issue says to each of them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Locale

from home.newsletter.audience import count_readers, find_audience
from payments.models import Bill
from shop.favorites.models import Favorite
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.catalog import make_offered_berry
from tests.factories.newsletter import get_index_page, make_issue, make_mailing, make_subscriber, send, start
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db


def list_addressed(mailing) -> set[str]:
    return set(find_audience(mailing).values_list("email", flat=True))


def test_readers_are_chosen_by_language_and_get_their_own_version():
    russian = make_issue("Малина пошла")
    make_issue("Raspberries are in", language="en", of=russian)
    make_subscriber("anna@example.com")
    make_subscriber("ann@example.com", language="en")

    assert list_addressed(make_mailing(russian, languages=["en"])) == {"ann@example.com"}
    mailing = make_mailing(russian, languages=["ru", "en"])
    start(mailing)
    send(mailing)

    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {"anna@example.com": "Малина пошла", "ann@example.com": "Raspberries are in"}


def test_a_berry_addresses_those_who_have_it_among_their_favorites():
    berry = make_offered_berry().berry
    Favorite.objects.create(user=UserFactory(email="fan@example.com"), berry=berry)
    Favorite.objects.create(user=UserFactory(email="other@example.com"), berry=make_offered_berry().berry)
    for email in ("fan@example.com", "other@example.com", "nobody@example.com"):
        make_subscriber(email)

    assert list_addressed(make_mailing(favorite=berry)) == {"fan@example.com"}


def test_buyers_are_those_whose_orders_were_paid_lately_or_ever():
    users = {name: UserFactory(email=f"{name}@example.com") for name in ("new", "old", "unpaid")}
    for user in users.values():
        make_subscriber(user.email)
    settle(make_order(users["new"]), Bill.Status.PAID)
    settle(make_order(users["old"]), Bill.Status.PAID)
    make_order(users["unpaid"])
    long_ago = timezone.now() - timedelta(days=100)
    Order.objects.filter(user=users["old"]).update(paid_at=long_ago)

    assert list_addressed(make_mailing(bought=30)) == {"new@example.com"}
    assert list_addressed(make_mailing(bought=0)) == {"new@example.com", "old@example.com"}
    assert len(list_addressed(make_mailing())) == 3


def test_readers_are_counted_by_language():
    make_subscriber()
    make_subscriber(language="en")
    make_subscriber(language="en", status="pending")

    assert count_readers() == {"ru": 1, "en": 1}


def test_an_issue_not_translated_yet_goes_to_no_english_reader(client):
    russian = make_issue()
    get_index_page("en")
    mirror = russian.copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
    # As some were made before translations began as drafts.
    mirror.live, mirror.alias_of = True, russian
    mirror.save()
    make_subscriber(language="en")
    mailing = make_mailing(russian, languages=["ru", "en"])

    assert start(mailing) is None

    assert not mailing.deliveries.exists()
    assert mail.outbox == []
