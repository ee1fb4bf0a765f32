"""`make bench-payments`: how long bills, orders and notifications take, beside the figures of the brief.

Everything is real: PostgreSQL, Redis, the whole stack of middleware, and an emulated QIWI in a process of its
own that takes 200 ms for each answer. The database is the benchmark's own and goes with it.
"""

import hashlib
import hmac
import http.client
import json
import logging
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import requests

BASE_DIR = Path(__file__).resolve().parents[1]
# The key of the settings for tests: QIWI's published test vector, which guards nothing.
SECRET = "test-merchant-secret-for-signature-check"  # noqa: S105
LATENCY = 0.2
CACHED_RUNS = 300
UNCACHED_RUNS = 20
COLD_RUNS = 10
PLACED = 30
NOTIFICATIONS = 2000
SENDERS = 8
WEB_PROCESSES = 2


@dataclass
class Figures:
    """What one measurement took, in milliseconds, beside what the brief says of the old shop."""

    name: str
    brief: str
    taken: list[float]
    # What of it our own process worked: on a busy machine the rest is waiting for a core.
    worked: float | None = None

    def write(self) -> str:
        median = statistics.median(self.taken)
        p95 = sorted(self.taken)[int(len(self.taken) * 0.95) - 1] if len(self.taken) > 1 else median
        worked = "–" if self.worked is None else f"{self.worked:.1f}"
        return f"{self.name:<34}{median:>9.1f}{p95:>9.1f}{worked:>9}{self.brief:>12}{len(self.taken):>7}"


def measure(name: str, brief: str, runs: int, call: Callable[[], Any]) -> Figures:
    """Run the call so often; it must succeed each time."""
    taken, worked = [], []
    for _run in range(runs):
        started, working = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - working) * 1000)
    return Figures(name, brief, taken, statistics.median(worked))


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(requests.RequestException):
            if requests.get(url, timeout=2).ok:
                return
        time.sleep(0.1)
    message = f"nobody answers at {url}"
    raise RuntimeError(message)


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """A program that runs as long as it is needed."""
    process = subprocess.Popen(
        command, cwd=BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def set_up_django(emulator_url: str) -> dict[str, str]:
    """Make a database for the benchmark and return the environment of programs that shall use it."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.test",
        "ANYBERRY_TEST_SUFFIX": "_bench",
    }
    sys.path[:0] = [str(BASE_DIR / "site"), str(BASE_DIR)]
    django.setup()
    logging.disable(logging.WARNING)
    from django.conf import settings  # noqa: PLC0415 (needs its settings)
    from django.db import connection  # noqa: PLC0415

    settings.QIWI_API_URL = emulator_url
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    parts = urlsplit(settings.DATABASE_URL)
    name = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.production",
        "PYTHONPATH": os.pathsep.join(sys.path[:2]),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "DATABASE_URL": parts._replace(path=f"/{name}").geturl(),
        "REDIS_URL": get_own_redis(settings.REDIS_URL),
        "QIWI_API_URL": emulator_url,
        "QIWI_SECRET_KEY": SECRET,
    }


def get_own_redis(url: str) -> str:
    """Name a database of that Redis that nobody else uses."""
    return urlsplit(url)._replace(path="/7").geturl()


def measure_in_process() -> list[Figures]:
    """Measure inside the application, from the request to the response."""
    from django.test import Client  # noqa: PLC0415 (Django has to be set up first)

    from payments.cache import drop_view  # noqa: PLC0415
    from payments.providers import transport  # noqa: PLC0415
    from shop.checkout.services import open_bill_at_once  # noqa: PLC0415
    from tests.factories.accounts import UserFactory  # noqa: PLC0415
    from tests.factories.cart import put_in_cart  # noqa: PLC0415
    from tests.factories.orders import SlotFactory, ZoneFactory, make_order  # noqa: PLC0415

    user: Any = UserFactory()
    order = make_order(user)
    open_bill_at_once(order=order)
    client = Client()
    client.force_login(user)
    order_url = f"/api/v1/orders/{order.number}/"

    def get(url: str) -> None:
        answer = client.get(url)
        if answer.status_code != 200:  # noqa: PLR2004
            message = f"{url}: {answer.status_code}"
            raise RuntimeError(message)

    def get_bill_cold() -> None:
        drop_view(order.bill_id)
        vars(transport._local).clear()  # noqa: SLF001 (as in a process that was just started)
        get(f"{order_url}bill/")

    def get_bill_uncached() -> None:
        drop_view(order.bill_id)
        get(f"{order_url}bill/")

    first = measure("get bill, first in its process", "1626", COLD_RUNS, get_bill_cold)
    figures = [
        first,
        measure("get bill, uncached", "200–400", UNCACHED_RUNS, get_bill_uncached),
        measure("get bill, cached", "10–15", CACHED_RUNS, lambda: get(f"{order_url}bill/")),
        measure("get order", "8–10", CACHED_RUNS, lambda: get(order_url)),
    ]
    ZoneFactory()
    SlotFactory(capacity=PLACED * 2)
    taken, worked = [], []
    for _number in range(PLACED):
        put_in_cart(user, quantity=1)
        started, working = time.perf_counter(), time.process_time()
        answer = client.post("/api/v1/cart/", json.dumps({"consent": True}), content_type="application/json")
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - working) * 1000)
        if answer.status_code != 201:  # noqa: PLR2004
            message = f"order refused: {answer.content.decode()}"
            raise RuntimeError(message)
    figures.append(Figures("place order, bill opened at once", "–", taken, statistics.median(worked)))
    return figures


def write_notifications(count: int) -> list[tuple[bytes, str]]:
    """Signed notifications, each about a bill of its own that is in the database."""
    from tests.factories.payments import BillFactory  # noqa: PLC0415 (Django has to be set up first)

    letters = []
    for _number in range(count):
        bill: Any = BillFactory(waiting=True)
        fields = f"RUB|1250.00|{bill.pk}|9hh4jb-00|PAID"
        body = {
            "bill": {
                "siteId": "9hh4jb-00",
                "billId": str(bill.pk),
                "amount": {"value": "1250.00", "currency": "RUB"},
                "status": {"value": "PAID", "changedDateTime": "2026-11-22T15:25:18+03"},
            },
            "version": "1",
        }
        signature = hmac.new(SECRET.encode(), fields.encode(), hashlib.sha256).hexdigest()
        letters.append((json.dumps(body).encode(), signature))
    return letters


def measure_notifications(port: int, letters: list[tuple[bytes, str]]) -> tuple[Figures, float]:
    """Post them all over kept connections; return what each took, and how many were taken a second."""
    shares = [letters[start::SENDERS] for start in range(SENDERS)]

    def send(share: list[tuple[bytes, str]]) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        taken = []
        for body, signature in share:
            started = time.perf_counter()
            headers = {"Content-Type": "application/json", "X-Api-Signature-SHA256": signature}
            connection.request("POST", "/api/v1/qiwi/callback/", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                message = f"notification refused: {answer.status}"
                raise RuntimeError(message)
            taken.append((time.perf_counter() - started) * 1000)
        return taken

    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        taken = [figure for share in pool.map(send, shares) for figure in share]
    seconds = time.perf_counter() - started
    return Figures(f"notification, {SENDERS} at once", "–", taken), len(taken) / seconds


def clean_up() -> None:
    """Take away the database and the tasks that nobody will work on."""
    from django.conf import settings  # noqa: PLC0415 (Django has to be set up first)
    from django.db import connections  # noqa: PLC0415
    from redis import Redis  # noqa: PLC0415

    from anyberry.engines import release_engines  # noqa: PLC0415

    Redis.from_url(settings.REDIS_URL).delete(settings.CELERY_TASK_DEFAULT_QUEUE)
    Redis.from_url(get_own_redis(settings.REDIS_URL)).flushdb()
    connections.close_all()
    connections["default"].creation.destroy_test_db("anyberry", verbosity=0)
    release_engines()


def main() -> int:
    """Measure everything and print it."""
    emulator_port, web_port = find_port(), find_port()
    emulator_url = f"http://127.0.0.1:{emulator_port}"
    emulator = [sys.executable, "-m", "payments.emulator", "--port", str(emulator_port), "--secret", SECRET]
    with running(emulator, {**os.environ, "PYTHONPATH": str(BASE_DIR)}):
        wait_for(f"{emulator_url}/__control__/health")
        requests.post(f"{emulator_url}/__control__/latency", json={"seconds": LATENCY}, timeout=5)
        environment = set_up_django(emulator_url)
        try:
            figures = measure_in_process()
            letters = write_notifications(NOTIFICATIONS)
            web = [sys.executable, "-m", "gunicorn", "anyberry.wsgi", "--preload", "--no-control-socket"]
            web += ["--bind", f"127.0.0.1:{web_port}", "--worker-class", "gthread"]
            web += ["--workers", str(WEB_PROCESSES), "--threads", "4", "--keep-alive", "30"]
            with running(web, environment):
                wait_for(f"http://127.0.0.1:{web_port}/healthz")
                told, rate = measure_notifications(web_port, letters)
        finally:
            clean_up()
    print(f"{'milliseconds':<34}{'median':>9}{'p95':>9}{'CPU':>9}{'brief':>12}{'runs':>7}")
    for figure in [*figures, told]:
        print(figure.write())
    place = f"{WEB_PROCESSES} web processes, {os.cpu_count()} cores"
    print(f"\n{rate:.0f} notifications a second, {place} (goal: 200)")
    print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f}.")
    print(f"The emulated provider takes {LATENCY * 1000:.0f} ms for each answer.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
