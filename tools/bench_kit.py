"""What the benchmarks share: a database of their own, a request without a network, and a table of figures.

"Inside the application" is what a web server hands us and gets back: the WSGI application is called with a
request that was made before, and the clock stops when the last byte of the answer is read. So the whole
stack of middleware, the signals, the look at the connection's health and the closing of the response count;
the test client, its cookies and its copies of contexts don't. Connections to PostgreSQL and Redis stay open
between requests, as in production. A trivial view beside the others tells how fast the machine is just now.
"""

import io
import logging
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

BASE_DIR = Path(__file__).resolve().parents[1]
KEPT_OPEN_SECONDS = 600
YARDSTICK = "/healthz"


@dataclass
class Figures:
    """What one measurement took, in milliseconds, beside what is known of it from elsewhere."""

    name: str
    taken: list[float]
    # What of it our own process worked: on a busy machine the rest is waiting for a core.
    worked: list[float] = field(default_factory=list)
    note: str = "–"

    @property
    def median(self) -> float:
        """Half of the runs took less."""
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        """Nineteen runs of twenty took less."""
        return sorted(self.taken)[max(int(len(self.taken) * 0.95) - 1, 0)]

    def write(self, yardstick: float) -> str:
        """One row of the table."""
        worked = f"{statistics.median(self.worked):.1f}" if self.worked else "–"
        ratio = f"{self.median / yardstick:.1f}"
        return (
            f"{self.name:<36}{self.median:>9.1f}{self.p95:>9.1f}{worked:>9}{ratio:>9}"
            f"{self.note:>12}{len(self.taken):>7}"
        )


def print_table(figures: list[Figures], yardstick: Figures, *, note: str) -> None:
    """Print every measurement and how many times the trivial view it took."""
    print(f"{'milliseconds':<36}{'median':>9}{'p95':>9}{'CPU':>9}{'× view':>9}{note:>12}{'runs':>7}")
    for figure in [yardstick, *figures]:
        print(figure.write(yardstick.median))


def measure(name: str, runs: int, call: Callable[[], Any], *, note: str = "–") -> Figures:
    """Run the call so often; it must succeed each time."""
    figures = Figures(name, [], [], note)
    for _run in range(runs):
        add_run(figures, call)
    return figures


def add_run(figures: Figures, call: Callable[[], Any]) -> None:
    """Run the call once more and note how long it took."""
    started, working = time.perf_counter(), time.process_time()
    call()
    figures.worked.append((time.process_time() - working) * 1000)
    figures.taken.append((time.perf_counter() - started) * 1000)


class Browser:
    """Calls the WSGI application as a web server does, with the cookies of one visitor."""

    def __init__(self, cookies: Mapping[str, str] | None = None) -> None:
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 (Django has to be set up first)

        self.application = get_wsgi_application()
        self.cookies = dict(cookies or {})

    def build(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        """A request as the web server hands it over: a GET, or a POST of JSON where there is a body."""
        parts = urlsplit(path)
        environ = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_LANGUAGE": "ru",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body or b""),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if body is not None:
            environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
            environ["HTTP_X_CSRFTOKEN"] = self.cookies.get("csrftoken", "")
        return environ

    def answer(self, environ: dict[str, Any]) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        told: list[str] = []
        response = self.application(environ, lambda status, _headers: told.append(status))  # type: ignore[arg-type]  # nobody asks for write()
        try:
            content = b"".join(response)
        finally:
            close = getattr(response, "close", None)
            if close:
                close()
        return int(told[0].split()[0]), content

    def get(self, path: str) -> bytes:
        """What a page says. Raises RuntimeError where it is none."""
        status, content = self.answer(self.build(path))
        if status != 200:  # noqa: PLR2004 -- an HTTP status
            message = f"{path}: {status}"
            raise RuntimeError(message)
        return content


def sign_in(user: Any) -> Browser:
    """The browser of a user who is signed in."""
    from django.test import Client  # noqa: PLC0415 (Django has to be set up first)

    client = Client()
    client.force_login(user)
    # Any token of the right length that cookie and header agree upon.
    return Browser({name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": "a" * 32})


def measure_yardstick(runs: int) -> Figures:
    """A view that does nothing, behind all the middleware."""
    guest = Browser()
    guest.get(YARDSTICK)
    return measure(f"trivial view {YARDSTICK}", runs, lambda: guest.get(YARDSTICK))


def find_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_database(suffix: str) -> Iterator[None]:
    """Set Django up on an empty, migrated database that is gone afterwards, with the engines of the tests."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "anyberry.settings.test", "ANYBERRY_TEST_SUFFIX": suffix}
    sys.path[:0] = [str(BASE_DIR / "site"), str(BASE_DIR)]
    subprocess.run([sys.executable, "tools/messages.py", "compile"], cwd=BASE_DIR, check=True)
    django.setup()
    logging.disable(logging.WARNING)
    from django.core.cache import cache  # noqa: PLC0415 (needs its settings)
    from django.db import connection, connections  # noqa: PLC0415

    from anyberry.engines import release_engines  # noqa: PLC0415

    kept = connection.settings_dict["NAME"]
    connection.settings_dict["CONN_MAX_AGE"] = KEPT_OPEN_SECONDS
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        cache.delete_pattern("*")  # type: ignore[attr-defined]  # django-redis has it; only our prefix's keys go
        connections.close_all()
        connection.creation.destroy_test_db(kept, verbosity=0)
        connections.close_all()
        release_engines()
