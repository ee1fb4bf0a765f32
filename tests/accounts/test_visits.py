"""Where somebody is signed in, and ending it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts.sessions import NOTED
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36"
NEW = "another long passphrase"


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory()


def sign_in(user, agent=LAPTOP, address="10.0.0.1"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def find_id(client):
    return UserSession.objects.get(session_key=client.session.session_key).pk


def test_all_places_are_listed_with_what_and_where(user):
    sign_in(user, PHONE, "10.0.0.2")

    html = sign_in(user).get("/account/sessions/").content.decode()

    for text in ("Safari, iPhone", "Chrome, Windows", "10.0.0.1", "10.0.0.2"):
        assert text in html
    assert html.count("/account/sessions/others/") == 1


def test_one_place_is_signed_out_and_the_others_stay(user):
    phone, tablet, here = sign_in(user, PHONE), sign_in(user), sign_in(user)

    here.post(f"/account/sessions/{find_id(phone)}/")

    assert not is_signed_in(phone)
    assert is_signed_in(tablet)
    assert is_signed_in(here)


def test_all_others_are_signed_out(user):
    others, here = [sign_in(user) for _ in range(3)], sign_in(user)

    here.post("/account/sessions/others/")

    assert [is_signed_in(other) for other in others] == [False] * 3
    assert is_signed_in(here)


def test_nobody_signs_somebody_else_out(user):
    victim = sign_in(UserFactory())

    assert sign_in(user).post(f"/account/sessions/{find_id(victim)}/").status_code == 404
    assert is_signed_in(victim)


def test_another_password_ends_all_other_sessions(user):
    other, here = sign_in(user), sign_in(user)

    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert is_signed_in(here)
    assert not is_signed_in(other)
    assert "iPhone" not in here.get("/account/sessions/").content.decode()
    assert UserSession.objects.count() == 1


def test_a_visit_is_written_down_now_and_then(user):
    here = sign_in(user)
    long_ago = timezone.now() - timedelta(days=3)
    UserSession.objects.update(last_seen_at=long_ago)

    here.get("/account/")
    assert UserSession.objects.get().last_seen_at == long_ago

    session = here.session
    session[NOTED] = long_ago.timestamp()
    session.save()
    here.get("/account/", REMOTE_ADDR="10.0.0.9")
    visit = UserSession.objects.get()
    assert timezone.now() - visit.last_seen_at < timedelta(minutes=1)
    assert visit.ip == "10.0.0.9"


def test_pages_for_everybody_do_not_look_at_the_session(client, user):
    assert "Cookie" not in client.get("/robots.txt").headers.get("Vary", "")


def test_the_list_costs_the_same_however_long_it_is(user, django_assert_max_num_queries):
    for _ in range(12):
        sign_in(user)
    here = sign_in(user)
    here.get("/account/sessions/")

    with django_assert_max_num_queries(7):
        html = here.get("/account/sessions/").content.decode()
    assert html.count("sessions__item") == 13


def test_after_signing_out_the_old_key_opens_nothing(user):
    here = sign_in(user)
    old = here.cookies["sessionid"].value

    here.post("/account/logout/")

    thief = Client()
    thief.cookies["sessionid"] = old
    assert not is_signed_in(thief)


@pytest.mark.parametrize("number", ["0", str(10**30)])
def test_numbers_no_database_knows_are_not_found(user, number):
    assert sign_in(user).post(f"/account/sessions/{number}/").status_code == 404


def test_who_has_no_password_can_choose_one(user):
    user.set_unusable_password()
    user.save()
    here = Client()
    here.force_login(user)
    assert here.get("/account/password/change/")["Location"] == "/account/password/set/"
    assert "account/password/strength/" in here.get("/account/password/set/").content.decode()

    here.post("/account/password/set/", {"password1": NEW, "password2": NEW})

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert is_signed_in(here)
