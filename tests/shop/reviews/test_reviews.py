import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.limits import TooOften
from payments.models import Bill
from shop.catalog.models import Pack
from shop.orders.canceling import cancel_paid_order
from shop.reviews.models import Review
from shop.reviews.services import MOST_REVIEWS, NotBought, save_review
from tests.factories.accounts import UserFactory
from tests.factories.catalog import BerryPageFactory, make_offered_berry
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db
WORDS = {"rating": "5", "text": "Сладкая и крупная."}


def buy(user=None, *, paid=True):
    """An order of one berry, and the berry's page."""
    order = make_order(user)
    if paid:
        settle(order, Bill.Status.PAID)
    return BerryPageFactory(berry=Pack.objects.get(pk=order.lines.get().pack_id).berry)


def publish(berry, rating=5, user=None, **words):
    values = {"text": "Вкусно.", "language": "ru", "status": Review.Status.PUBLISHED} | words
    return Review.objects.create(user=user or UserFactory(), berry=berry, rating=rating, **values)


def read_product(response):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return next(data for data in map(json.loads, blocks) if data.get("@type") == "Product")


def test_a_buyer_writes_and_a_moderator_has_to_read_it_first(client):
    user = UserFactory()
    page = buy(user)
    client.force_login(user)

    response = client.post(f"/reviews/{page.berry_id}/", WORDS)

    assertRedirects(response, f"{page.url}#reviews")
    review = Review.objects.get()
    assert (review.rating, review.user, review.status) == (5, user, Review.Status.WAITING)
    assertNotContains(client.get(page.url), WORDS["text"])
    Review.objects.update(status=Review.Status.PUBLISHED)
    assertContains(client.get(page.url), WORDS["text"])


def test_only_those_who_paid_may_review(client):
    user = UserFactory()
    page = buy(user, paid=False)
    client.force_login(user)

    assert client.get(f"/reviews/{page.berry_id}/").status_code == 403
    assert client.post(f"/reviews/{page.berry_id}/", WORDS).status_code == 403
    with pytest.raises(NotBought):
        save_review(user=user, berry=page.berry, rating=5, text="Да", language="ru")
    assert not Review.objects.exists()


def test_who_called_the_order_off_has_bought_nothing():
    user = UserFactory()
    order = settle(make_order(user), Bill.Status.PAID)
    cancel_paid_order(order=order, by=user)

    with pytest.raises(NotBought):
        save_review(user=user, berry=order.lines.get().pack.berry, rating=5, text="", language="ru")

    assert not Review.objects.exists()


def test_a_guest_is_led_to_the_way_in(client):
    page = make_offered_berry()

    assert "/account/login/" in client.post(f"/reviews/{page.berry_id}/", WORDS).url
    assert not Review.objects.exists()


def test_a_change_has_to_be_read_again_and_stays_one_review(client):
    user = UserFactory()
    page = buy(user)
    client.force_login(user)
    publish(page.berry, user=user)

    client.post(f"/reviews/{page.berry_id}/", {"rating": "2", "text": "Помялась."})

    review = Review.objects.get()
    assert (review.rating, review.text, review.status) == (2, "Помялась.", Review.Status.WAITING)


def test_its_author_takes_it_back_and_nobody_else(client):
    page = buy(user := UserFactory())
    publish(page.berry, user=user)
    client.force_login(UserFactory())
    client.post(f"/reviews/{page.berry_id}/remove/")
    assert Review.objects.count() == 1

    client.force_login(user)
    client.post(f"/reviews/{page.berry_id}/remove/")
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"rating": "0", "text": "x"},
        {"rating": "6", "text": "x"},
        {"rating": "9" * 400, "text": "x"},
        {"rating": "5", "text": ""},
        {"rating": "5", "text": "x" * 2001},
        {"rating": "5", "text": "a\0b"},
    ],
)
def test_what_makes_no_sense_is_refused(client, words):
    user = UserFactory()
    page = buy(user)
    client.force_login(user)

    assert client.post(f"/reviews/{page.berry_id}/", words).status_code == 422
    assert not Review.objects.exists()


def test_nobody_writes_without_end():
    user = UserFactory()
    page = buy(user)
    for number in range(MOST_REVIEWS):
        save_review(user=user, berry=page.berry, rating=5, text=f"Раз {number}", language="ru")

    with pytest.raises(TooOften):
        save_review(user=user, berry=page.berry, rating=1, text="Ещё раз", language="ru")
    assert Review.objects.get().rating == 5


def test_search_engines_are_told_the_average_that_the_page_shows(client):
    page = make_offered_berry()
    for rating in (5, 5, 4):
        publish(page.berry, rating)
    publish(page.berry, 1, status=Review.Status.REJECTED)

    response = client.get(page.url)

    rating = read_product(response)["aggregateRating"]
    assert (rating["ratingValue"], rating["reviewCount"]) == (4.7, 3)
    assertContains(response, "<strong>4,7</strong>", html=True)
    assert len(read_product(response)["review"]) == 3


def test_a_berry_without_reviews_claims_no_mark(client):
    page = make_offered_berry()
    publish(page.berry, status=Review.Status.WAITING)

    assert "aggregateRating" not in read_product(client.get(page.url))


def test_words_are_plain_and_only_the_first_name_is_shown(client):
    page = make_offered_berry()
    publish(page.berry, text="<script>alert(1)</script>", user=UserFactory(name="Анна Ягодкина"))

    response = client.get(page.url)

    assertNotContains(response, "<script>alert(1)")
    assertContains(response, "Анна")
    assertNotContains(response, "Ягодкина")


def test_queries_do_not_grow_with_the_reviews(client):
    page = make_offered_berry()
    publish(page.berry)

    def count():
        client.get(page.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.url)
        return len(queries)

    once = count()
    for _ in range(3):
        publish(page.berry)

    assert count() == once


# --- Moderation -------------------------------------------------------------------


def judge(client, action, *reviews):
    ids = "&".join(f"id={review.pk}" for review in reviews)
    return client.post(f"/admin/bulk/shop/review/{action}/?next=/admin/&{ids}")


@pytest.mark.parametrize(
    ("action", "status"), [("publish_opinions", "published"), ("reject_opinions", "rejected")]
)
def test_a_moderator_judges_several_at_once(client, action, status):
    owner = UserFactory(is_staff=True, is_superuser=True)
    berry = make_offered_berry().berry
    reviews = [publish(berry, status=Review.Status.WAITING) for _ in range(2)]
    client.force_login(owner)

    assert client.get("/admin/snippets/shop/review/").status_code == 200
    assert judge(client, action, *reviews).status_code == 302

    assert {(r.status, r.judged_by) for r in Review.objects.all()} == {(status, owner)}


def test_who_may_only_look_judges_nothing(client):
    from django.contrib.auth.models import Permission

    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_review"]))
    review = publish(make_offered_berry().berry, status=Review.Status.WAITING)
    client.force_login(reader)

    assert judge(client, "publish_opinions", review).status_code in {302, 403}
    review.refresh_from_db()
    assert review.status == Review.Status.WAITING
    assert client.get("/admin/snippets/shop/review/").status_code == 200


def test_nobody_writes_reviews_in_the_admin(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    client.post("/admin/snippets/shop/review/add/", WORDS)

    assert not Review.objects.exists()


def test_a_moderator_answers_and_it_is_noted_who(client):
    owner = UserFactory(is_staff=True, is_superuser=True)
    page = make_offered_berry()
    review = publish(page.berry, status=Review.Status.WAITING)
    client.force_login(owner)

    url = f"/admin/snippets/shop/review/edit/{review.pk}/"
    assertContains(client.get(url), "Вкусно.")
    client.post(url, {"status": "published", "answer": "Спасибо!", "text": "Подмена"})

    review.refresh_from_db()
    assert (review.answer, review.text, review.judged_by) == ("Спасибо!", "Вкусно.", owner)
    client.logout()
    assertContains(client.get(page.url), "Спасибо!")
