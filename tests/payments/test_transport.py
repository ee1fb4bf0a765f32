"""One call of a provider: how long it may take, and when it is made again."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from requests.auth import HTTPBasicAuth

from payments.providers.base import ProviderUnavailable
from payments.providers.transport import TRIES, Call, Transport
from payments.providers.yookassa import client as yookassa

ASK = Call("GET", "/")


class BusyServer(ThreadingHTTPServer):
    """Says what it is told to say, and remembers when it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BusyHandler)
        self.headers: dict[str, str] = {}
        self.statuses = [200]
        self.pause = 0.0
        self.asked: list[float] = []


class BusyHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        server.asked.append(time.monotonic())
        time.sleep(server.pause)
        self.send_response(server.statuses.pop(0) if len(server.statuses) > 1 else server.statuses[0])
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[BusyServer]:
    with BusyServer() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def make_transport(server):
    def make(**options) -> Transport:
        address = f"http://127.0.0.1:{server.server_port}"
        return Transport(name="Busy", base_url=address, auth=HTTPBasicAuth("a", "b"), **options)

    return make


def test_a_server_that_says_when_to_come_back_is_not_asked_sooner(server, make_transport):
    server.statuses, server.headers = [429, 200], {"Retry-After": "1"}

    assert make_transport().ask(ASK).status == 200

    first, second = server.asked
    assert second - first >= 1


def test_one_that_asks_for_more_time_than_there_is_is_left_alone_at_once(server, make_transport):
    server.statuses, server.headers = [429], {"Retry-After": "30"}
    started = time.monotonic()

    answer = make_transport().ask(ASK)

    assert (answer.status, answer.retry_after) == (429, 30)
    assert len(server.asked) == 1
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("value", ["", "0", "soon", "-5", "9" * 9])
def test_nonsense_about_when_to_come_back_changes_nothing(server, make_transport, value):
    server.statuses, server.headers = [503], {"Retry-After": value}

    assert make_transport().ask(ASK).status == 503
    assert len(server.asked) == TRIES


def test_the_deadline_is_the_transports_own(server, make_transport):
    server.pause = 0.5

    assert make_transport(deadline=5.0).ask(ASK).status == 200
    with pytest.raises(ProviderUnavailable):
        make_transport(deadline=0.2).ask(ASK)


def test_yookassa_is_given_the_time_it_takes_to_answer():
    transport = yookassa.YooKassaClient(base_url="http://127.0.0.1:1", shop_id="1", secret="x")._transport

    assert transport._deadline > transport._read_timeout == yookassa.READ_TIMEOUT
