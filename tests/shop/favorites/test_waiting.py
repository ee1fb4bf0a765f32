"""People who want to be told that a berry is back: asking, confirming, withdrawing, and the letter."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.models import Mail
from shop.catalog.models import Berry
from shop.favorites import jobs
from shop.favorites.demand import list_demand
from shop.favorites.links import make_confirm_url, make_leave_url
from shop.favorites.models import Waiting
from shop.favorites.telling import HEAD_START, tell_stock
from shop.favorites.waiting import FORGET_ENDED_AFTER, FORGET_UNCONFIRMED_AFTER
from tests.factories.accounts import UserFactory
from tests.factories.cart import leave_in_stock
from tests.factories.catalog import BerryPageFactory, LotFactory, PackFactory, get_catalog_page

pytestmark = pytest.mark.django_db
ASK = "/favorites/waiting/"
GUEST = {"email": "anna@example.com", "moment": "stock", "consent": "on"}
Status = Waiting.Status


@pytest.fixture
def pack():
    """A berry with a page and nothing left."""
    for language in ("ru", "en"):
        get_catalog_page(language)
    pack = PackFactory()
    BerryPageFactory(berry=pack.berry)
    return pack


@pytest.fixture
def shopper(client):
    client.user = UserFactory()
    client.force_login(client.user)
    return client


def wait_for(pack, email="anna@example.com", *, minutes_ago=5, **changes) -> Waiting:
    """A confirmed request."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    facts = {"moment": "stock", "status": Status.ACTIVE, "language": "ru", "confirmed_at": at}
    return Waiting.objects.create(berry=pack.berry, email=email, **facts | changes)


def list_told() -> list[str]:
    return list(
        Waiting.objects.filter(status=Status.TOLD).order_by("confirmed_at").values_list("email", flat=True)
    )


def find_path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


# --- Asking


def test_the_page_of_a_sold_out_berry_has_the_form_and_that_of_another_has_not(client, pack):
    path = f"/catalog/{pack.berry.code}/"

    assert b'action="/favorites/waiting/"' in client.get(path).content
    LotFactory(pack=pack)
    assert b'action="/favorites/waiting/"' not in client.get(path).content


def test_a_guest_is_asked_to_confirm_and_waits_from_then_on(client, pack, mailoutbox):
    response = client.post(ASK, {**GUEST, "berry": pack.berry_id})

    assert (response.status_code, response["Location"]) == (302, "/favorites/waiting/sent/")
    waiting = Waiting.objects.get()
    assert waiting.status == Status.PENDING
    mail = Mail.objects.get()
    assert (mail.template, mail.to) == ("favorites/confirm", GUEST["email"])

    path = find_path(re.search(r"https?://\S+/confirm/\S+", mailoutbox[0].body)[0])
    assert client.get(path).status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == Status.PENDING, "looking at the link confirms nothing"

    assert client.post(path).status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == Status.ACTIVE


def test_a_shopper_needs_no_letter_to_confirm(shopper, pack):
    back = f"/catalog/{pack.berry.code}/"

    response = shopper.post(ASK, {"berry": pack.berry_id, "moment": "stock", "next": back})

    assert (response.status_code, response["Location"]) == (302, back)
    waiting = Waiting.objects.get()
    assert (waiting.status, waiting.email) == (Status.ACTIVE, shopper.user.email)
    assert not Mail.objects.exists()
    assert shopper.user.email in shopper.get(back).content.decode()


def test_the_same_request_is_kept_once(shopper, pack):
    for _time in range(2):
        shopper.post(ASK, {"berry": pack.berry_id, "moment": "stock"})

    assert Waiting.objects.count() == 1


def test_the_answer_is_the_same_for_known_and_unknown_addresses(client, pack):
    known = UserFactory()
    wait_for(pack, "waits@example.com")
    answers = set()
    for email in (known.email, "waits@example.com", "nobody@example.com"):
        response = client.post(ASK, {**GUEST, "email": email, "berry": pack.berry_id})
        page = client.get(response["Location"]).content.decode()
        answers.add((response.status_code, response["Location"], page.replace(email, "")))

    assert len({answer[:2] for answer in answers}) == 1
    assert Mail.objects.count() == 3, "each address gets one letter, whatever it says"
    assert Mail.objects.get(to="waits@example.com").template == "favorites/known"


def test_the_unconfirmed_see_no_requests_of_the_address_they_claim(client, pack):
    claimed = UserFactory(verified=False)
    wait_for(pack, claimed.email)
    client.force_login(claimed)

    page = client.get(f"/catalog/{pack.berry.code}/").content.decode()
    response = client.post(ASK, {"berry": pack.berry_id, "moment": "stock"})

    assert "/withdraw/" not in page
    assert response["Location"].startswith("/account/")
    assert Waiting.objects.count() == 1


def test_no_address_gets_two_letters_in_a_row_nor_many_in_an_hour(client, pack):
    packs = [pack, *(PackFactory() for _ in range(6))]
    for one in (pack, *packs):
        client.post(ASK, {**GUEST, "berry": one.berry_id})

    assert Mail.objects.count() == 5


def test_who_asks_too_often_is_told_when_to_come_back(client, pack):
    for number in range(10):
        sent = {**GUEST, "email": f"a{number}@example.com", "berry": pack.berry_id}
        assert client.post(ASK, sent).status_code == 302
    before = Waiting.objects.count()

    response = client.post(
        ASK,
        {**GUEST, "email": "more@example.com", "berry": pack.berry_id},
        headers={"X-Forwarded-For": "9.9.9.9"},
    )

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert Waiting.objects.count() == before


def test_a_robot_is_thanked_and_ignored(client, pack):
    response = client.post(ASK, {**GUEST, "berry": pack.berry_id, "website": "x"})

    assert response.status_code == 302
    assert not Waiting.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "x\0@example.com"},
        {"email": "not an address"},
        {"consent": ""},
        {"moment": "never"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, pack, wrong):
    response = client.post(ASK, {**GUEST, "berry": pack.berry_id, **wrong})

    assert response.status_code in {400, 422}
    assert not Waiting.objects.exists()


@pytest.mark.parametrize("berry", ["", "abc", "0", "-1", "9" * 30, str(10**9)])
def test_a_request_for_nothing_is_not_found(client, berry):
    assert client.post(ASK, {**GUEST, "berry": berry}).status_code == 404


def test_a_berry_no_longer_sold_is_not_found(client, pack):
    Berry.objects.update(is_active=False)

    assert client.get(ASK, {"berry": pack.berry_id}).status_code == 404
    assert client.post(ASK, {**GUEST, "berry": pack.berry_id}).status_code == 404


# --- Links


def test_one_click_withdraws_by_post_alone(client, pack):
    waiting = wait_for(pack)
    path = find_path(make_leave_url(waiting))

    client.get(path)
    waiting.refresh_from_db()
    assert waiting.status == Status.ACTIVE

    for _time in range(2):
        assert client.post(path).status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == Status.WITHDRAWN


def test_what_was_withdrawn_is_not_confirmed_again(client, pack):
    waiting = wait_for(pack, status=Status.PENDING, confirmed_at=None)
    client.post(find_path(make_leave_url(waiting)))

    assert client.post(find_path(make_confirm_url(waiting))).status_code == 410
    waiting.refresh_from_db()
    assert waiting.status == Status.WITHDRAWN


@pytest.mark.parametrize("link", ["confirm", "leave"])
@pytest.mark.parametrize("token", ["x", "a" * 300, "%00", "0123:abc:def"])
def test_links_that_are_not_ours_are_gone(client, link, token):
    path = f"/favorites/waiting/{link}/{token}/"

    assert client.get(path).status_code in {400, 404, 410}
    assert client.post(path).status_code in {400, 404, 410}


def test_shoppers_withdraw_their_own_requests_only(shopper, pack):
    own, foreign = wait_for(pack, shopper.user.email), wait_for(pack, "other@example.com")

    assert shopper.post(f"/favorites/waiting/{foreign.pk}/withdraw/").status_code == 404
    assert shopper.post(f"/favorites/waiting/{own.pk}/withdraw/").status_code == 302
    assert list(Waiting.objects.active()) == [foreign]


# --- The letter


def test_a_harvest_tells_who_waits_once_and_never_again(pack, mailoutbox, django_capture_on_commit_callbacks):
    wait_for(pack)
    with django_capture_on_commit_callbacks() as after_commit:
        LotFactory(pack=pack, quantity=5)
    assert after_commit, "the task is enqueued with the harvest"

    assert tell_stock(berry_id=pack.berry_id) == 1
    assert tell_stock(berry_id=pack.berry_id) == 0
    assert jobs.tell_stock() == 0

    mail = Mail.objects.get()
    assert (mail.template, mail.to) == ("favorites/back", "anna@example.com")
    assert f"/catalog/{pack.berry.code}/" in mailoutbox[0].body


def test_few_packs_are_told_to_those_who_asked_first(pack):
    for number in range(4):
        wait_for(pack, f"n{number}@example.com", minutes_ago=10 - number)
    LotFactory(pack=pack, quantity=2)

    assert jobs.tell_stock() == 2
    assert list_told() == ["n0@example.com", "n1@example.com"]
    assert jobs.tell_stock() == 0, "the first ones have their head start"

    Waiting.objects.filter(status=Status.TOLD).update(ended_at=timezone.now() - HEAD_START)
    leave_in_stock(pack, 1)
    assert jobs.tell_stock() == 1
    assert list_told()[-1] == "n2@example.com"


@pytest.mark.parametrize("change", [{"status": Status.PENDING, "confirmed_at": None}, {"moment": "season"}])
def test_stock_is_no_news_for_others(pack, change):
    wait_for(pack, **change)
    LotFactory(pack=pack)
    Berry.objects.update(season_months=[])

    assert (jobs.tell_stock(), jobs.tell_season()) == (0, 0)
    assert not Mail.objects.exists()


def test_nobody_is_told_of_a_berry_without_stock_page_or_sale(pack):
    wait_for(pack)
    assert jobs.tell_stock() == 0

    LotFactory(pack=pack)
    Berry.objects.update(is_active=False)
    assert jobs.tell_stock() == 0

    lonely = PackFactory(stock=3)
    wait_for(lonely, "b@example.com")
    assert tell_stock(berry_id=lonely.berry_id) == 0
    assert not Mail.objects.exists()


def test_readers_of_a_language_without_a_page_hold_up_nobody(pack):
    """The berry has a Russian page alone, and two packs."""
    for number in range(3):
        wait_for(pack, f"en{number}@example.com", minutes_ago=20 - number, language="en")
    wait_for(pack, "ru@example.com")
    LotFactory(pack=pack, quantity=2)

    assert tell_stock(berry_id=pack.berry_id) == 1

    assert list_told() == ["ru@example.com"]
    assert Waiting.objects.active().count() == 3


def test_a_season_that_begins_tells_all_who_asked_for_it(pack):
    for number in range(3):
        wait_for(pack, f"n{number}@example.com", moment="season")
    Berry.objects.update(season_months=[timezone.localdate().month])

    assert jobs.tell_season() == 3
    assert jobs.tell_season() == 0
    assert Mail.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_each_person_once(pack):
    for number in range(12):
        wait_for(pack, f"n{number}@example.com", minutes_ago=30 - number)
    LotFactory(pack=pack, quantity=5)

    def work(_number: int) -> int:
        try:
            return tell_stock(berry_id=pack.berry_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(work, range(4)))

    assert sum(told) == 5
    assert Mail.objects.count() == 5
    assert list_told() == [f"n{number}@example.com" for number in range(5)]


def test_old_requests_are_forgotten(pack):
    now = timezone.now()
    wait_for(pack, "a@example.com")
    wait_for(pack, "b@example.com", status=Status.PENDING, confirmed_at=None)
    wait_for(pack, "c@example.com", status=Status.TOLD, ended_at=now - FORGET_ENDED_AFTER)
    Waiting.objects.update(asked_at=now - FORGET_UNCONFIRMED_AFTER - timedelta(minutes=1))

    assert jobs.forget_waiting() == 2
    assert Waiting.objects.get().email == "a@example.com"


@pytest.mark.parametrize("requests", [1, 4])
def test_the_demand_counts_people_for_each_berry(pack, requests, django_assert_num_queries):
    for number in range(requests):
        wait_for(pack, f"n{number}@example.com")
    wait_for(pack, "s@example.com", moment="season")

    with django_assert_num_queries(3):
        (demand,) = list_demand()

    assert (demand.berry, demand.for_stock, demand.for_season) == (pack.berry, requests, 1)
