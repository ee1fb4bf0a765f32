"""The editors' lists and desks in the admin cost the same however much stands on them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.journal.comments.models import Comment
from home.journal.models import Author, Topic
from home.newsletter.models import Delivery, Mailing
from shop.reviews.models import Review
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page, make_offered_berry
from tests.factories.newsletter import make_issue, make_mailing, make_subscriber, start
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


def add_sent_mailing(issue=None):
    """A mailing with a letter refused and a letter in doubt."""
    for _reader in range(2):
        make_subscriber()
    mailing = make_mailing(issue)
    start(mailing)
    refused, doubtful = mailing.deliveries.order_by("pk")[:2]
    mailing.deliveries.filter(pk=refused.pk).update(status="failed", error="550 x")
    long_ago = timezone.now() - timedelta(hours=1)
    mailing.deliveries.filter(pk=doubtful.pk).update(status="sending", claimed_at=long_ago)
    return mailing


def add_letter():
    """One more letter of the one mailing there is."""
    mailing = Mailing.objects.first() or add_sent_mailing()
    for status, claimed in (("failed", None), ("sending", timezone.now() - timedelta(hours=1))):
        Delivery.objects.create(
            mailing=mailing,
            issue=mailing.issue,
            subscriber=make_subscriber(),
            status=status,
            claimed_at=claimed,
        )
    return mailing


def add_mailing_of_issue():
    first = Mailing.objects.first()
    return make_mailing(first.page if first else make_issue())


def add_review():
    berry = make_offered_berry().berry
    Review.objects.create(user=UserFactory(), berry=berry, rating=5, text="Сладкая", language="ru")


def add_comment():
    Comment.objects.create(user=UserFactory(), page=ArticlePageFactory(), text="Спасибо", language="ru")


def add_author():
    Author.objects.create(name_ru="Анна", name_en="Anna")


def add_topic():
    number = Topic.objects.count()
    Topic.objects.create(name_ru="Уход", name_en="Care", code=f"care-{number}")


SCREENS = {
    "mailings": (add_sent_mailing, lambda: "newsletter/"),
    "desk": (add_mailing_of_issue, lambda: f"newsletter/issue/{Mailing.objects.first().page_id}/"),
    "mailing": (add_letter, lambda: f"newsletter/mailing/{Mailing.objects.first().pk}/"),
    "subscribers": (make_subscriber, lambda: "snippets/home/subscriber/"),
    "reviews": (add_review, lambda: "snippets/shop/review/"),
    "comments": (add_comment, lambda: "snippets/home/comment/"),
    "authors": (add_author, lambda: "snippets/home/author/"),
    "topics": (add_topic, lambda: "snippets/home/topic/"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_costs_the_same_however_many_rows(client, name):
    add, find_path = SCREENS[name]
    get_front_page()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    def count():
        for _row in range(2):
            add()
        path = f"/admin/{find_path()}"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    assert count() == count()
