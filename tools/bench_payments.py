"""`make bench-payments`: how long bills, orders and notifications take, beside the figures of the brief.

Everything is real: PostgreSQL, Redis, the whole stack of middleware, and an emulated QIWI in a process of its
own that takes 200 ms for each answer. Bills and orders are measured inside the application, from the WSGI
request to the last byte of the response (`tools/bench_kit.py` says what that holds); notifications over
HTTP, against two web processes. The database is the benchmark's own and goes with it.
"""

import hashlib
import hmac
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import requests

from tools.bench_kit import (
    BASE_DIR,
    Browser,
    Figures,
    add_run,
    find_port,
    measure,
    measure_yardstick,
    own_database,
    print_table,
    sign_in,
)

# The key of the settings for tests: QIWI's published test vector, which guards nothing.
SECRET = "test-merchant-secret-for-signature-check"  # noqa: S105
LATENCY = 0.2
CACHED_RUNS = 500
UNCACHED_RUNS = 20
COLD_RUNS = 10
PLACED = 30
NOTIFICATIONS = 2000
SENDERS = 8
WEB_PROCESSES = 2
GOALS = {"get bill, cached": 5.0, "get order": 5.0}
GOAL_A_SECOND = 200


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


def describe_production() -> dict[str, str]:
    """The environment of programs that shall use the benchmark's database."""
    from django.conf import settings  # noqa: PLC0415 (Django has to be set up first)
    from django.db import connection  # noqa: PLC0415

    name = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.production",
        "PYTHONPATH": os.pathsep.join(sys.path[:2]),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "DATABASE_URL": urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl(),
        "REDIS_URL": get_own_redis(settings.REDIS_URL),
        "QIWI_API_URL": settings.QIWI_API_URL,
        "QIWI_SECRET_KEY": SECRET,
    }


def get_own_redis(url: str) -> str:
    """Name a database of that Redis that nobody else uses."""
    return urlsplit(url)._replace(path="/7").geturl()


def measure_bills(browser: Browser, order: Any) -> list[Figures]:
    """Look at a bill and its order, with less and less to ask the provider."""
    from payments.cache import drop_view  # noqa: PLC0415 (Django has to be set up first)
    from payments.providers import transport  # noqa: PLC0415

    order_url = f"/api/v1/orders/{order.number}/"
    bill_url = f"{order_url}bill/"
    browser.get(bill_url)  # nothing is imported or compiled on the clock
    browser.get(order_url)
    cold = Figures("get bill, first in its process", [], [], "1626")
    for _run in range(COLD_RUNS):
        drop_view(order.bill_id)
        vars(transport._local).clear()  # noqa: SLF001 (as in a process that was just started)
        add_run(cold, lambda: browser.get(bill_url))
    uncached = Figures("get bill, uncached", [], [], "200–400")
    for _run in range(UNCACHED_RUNS):
        drop_view(order.bill_id)
        add_run(uncached, lambda: browser.get(bill_url))
    return [
        cold,
        uncached,
        measure("get bill, cached", CACHED_RUNS, lambda: browser.get(bill_url), note="10–15"),
        measure("get order", CACHED_RUNS, lambda: browser.get(order_url), note="8–10"),
    ]


def measure_placing(browser: Browser, user: Any) -> Figures:
    """Place orders of one line each."""
    from tests.factories.cart import put_in_cart  # noqa: PLC0415 (Django has to be set up first)
    from tests.factories.orders import SlotFactory, ZoneFactory  # noqa: PLC0415

    ZoneFactory()
    SlotFactory(capacity=PLACED * 2)
    figures = Figures("place order, bill opened at once", [])
    body = json.dumps({"consent": True}).encode()

    def place() -> None:
        status, content = browser.answer(environ)
        if status != http.HTTPStatus.CREATED:
            message = f"order refused: {content.decode()}"
            raise RuntimeError(message)

    for _number in range(PLACED):
        put_in_cart(user, quantity=1)
        environ = browser.build("/api/v1/cart/", body)
        add_run(figures, place)
    return figures


def measure_in_process() -> list[Figures]:
    """Measure inside the application, from the request to the response."""
    from shop.checkout.services import open_bill_at_once  # noqa: PLC0415 (Django has to be set up first)
    from tests.factories.accounts import UserFactory  # noqa: PLC0415
    from tests.factories.orders import make_order  # noqa: PLC0415

    user: Any = UserFactory()
    order = make_order(user)
    open_bill_at_once(order=order)
    browser = sign_in(user)
    return [*measure_bills(browser, order), measure_placing(browser, user)]


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
    return Figures(f"notification, {SENDERS} at once", taken), len(taken) / seconds


def measure_over_http() -> tuple[Figures, float]:
    """Let web processes take notifications."""
    letters = write_notifications(NOTIFICATIONS)
    port = find_port()
    web = [sys.executable, "-m", "gunicorn", "anyberry.wsgi", "--preload", "--no-control-socket"]
    web += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    web += ["--workers", str(WEB_PROCESSES), "--threads", "4", "--keep-alive", "30"]
    with running(web, describe_production()):
        wait_for(f"http://127.0.0.1:{port}/healthz")
        return measure_notifications(port, letters)


def forget_tasks() -> None:
    """Take away the tasks that nobody will work on."""
    from django.conf import settings  # noqa: PLC0415 (Django has to be set up first)
    from redis import Redis  # noqa: PLC0415

    Redis.from_url(settings.REDIS_URL).delete(settings.CELERY_TASK_DEFAULT_QUEUE)
    Redis.from_url(get_own_redis(settings.REDIS_URL)).flushdb()


def main() -> int:
    """Measure everything and print it."""
    emulator_port = find_port()
    emulator_url = f"http://127.0.0.1:{emulator_port}"
    emulator = [sys.executable, "-m", "payments.emulator", "--port", str(emulator_port), "--secret", SECRET]
    with running(emulator, {**os.environ, "PYTHONPATH": str(BASE_DIR)}), own_database("_bench"):
        from django.conf import settings  # noqa: PLC0415 (Django is set up now)

        settings.QIWI_API_URL = emulator_url
        wait_for(f"{emulator_url}/__control__/health")
        requests.post(f"{emulator_url}/__control__/latency", json={"seconds": LATENCY}, timeout=5)
        try:
            figures = measure_in_process()
            yardstick = measure_yardstick(CACHED_RUNS)
            told, rate = measure_over_http()
        finally:
            forget_tasks()
    print_table([*figures, told], yardstick, note="brief")
    print()
    for figure in figures:
        if figure.name in GOALS:
            print(f"{figure.name}: {figure.median:.1f} ms (goal: {GOALS[figure.name]:.0f})")
    place = f"{WEB_PROCESSES} web processes, {os.cpu_count()} cores"
    print(f"{rate:.0f} notifications a second, {place} (goal: {GOAL_A_SECOND})")
    print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f}.")
    print(f"The emulated provider takes {LATENCY * 1000:.0f} ms for each answer.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
