"""The emulator on a socket, as a process of its own or in a thread of a test."""

import logging
import socket
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from payments.emulator.accounts import open_account
from payments.emulator.app import Emulator
from payments.emulator.bills import PAID, REJECTED, Bill
from payments.emulator.config import Config
from payments.emulator.faults import Fault
from payments.emulator.mischief import Mischief
from payments.emulator.web import Request, Response, answer_json, read_query

logger = logging.getLogger(__name__)

MAX_BODY = 64 * 1024


class Server(ThreadingHTTPServer):
    """An HTTP server that knows its emulator."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        super().__init__((emulator.config.host, emulator.config.port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a connection that broke; clients hang up, and on purpose."""
        logger.debug("connection of %s broke: %r", client_address, sys.exc_info()[1])

    @property
    def local_url(self) -> str:
        """The address it listens at."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class Handler(BaseHTTPRequestHandler):
    """Turns bytes into a request and a response into bytes."""

    protocol_version = "HTTP/1.1"
    server_version = "payments-emulator"
    sys_version = ""
    timeout = 30
    server: Server
    # An answer leaves in one packet, not a header that waits for its body's acknowledgement.
    wbufsize: ClassVar[int] = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer."""
        self._serve()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 (http.server's names)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's name)
        """Log through `logging`, never the query: it may hold addresses."""
        logger.debug(format, *args)

    def _serve(self) -> None:
        request = self._read()
        if request is None:
            self.close_connection = True
            self._write(answer_json({"error": "Content-Length must be 0 to 65536"}, 413))
            return
        try:
            response = self.server.emulator.handle(request)
        except Exception:
            logger.exception("The emulator failed at %s %s", request.method, request.path)
            response = Response(500)
        if response.dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(response)
        logger.info("%s %s %s", request.method, request.path, int(response.status))

    def _read(self) -> Request | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 6 or int(length) > MAX_BODY:  # noqa: PLR2004
            return None
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path,
            query=read_query(parts.query),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
            client=self.client_address[0],
        )

    def _write(self, response: Response) -> None:
        body = response.body
        if response.drip and response.drip[0] == "headers":
            self.close_connection = True
            self._drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 1000, response.drip[1])
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if response.truncated:
            body = body[: len(body) // 2]
            self.close_connection = True
        if response.drip:
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if response.drip:
            self.wfile.flush()
            self._drip(body, response.drip[1])
            return
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _drip(self, data: bytes, pause: float) -> None:
        """Send byte by byte, until the client has had enough."""
        for number in range(len(data)):
            self.wfile.write(data[number : number + 1])
            self.wfile.flush()
            time.sleep(pause)


@dataclass(slots=True)
class Handle:
    """A running emulator, in the hands of a test."""

    emulator: Emulator
    server: Server
    thread: threading.Thread

    @property
    def url(self) -> str:
        """The address of its API: QIWI_API_URL."""
        return self.server.local_url

    @property
    def secret(self) -> str:
        """The key it takes and signs with."""
        return self.emulator.config.secret

    @property
    def site_id(self) -> str:
        """The account it answers for."""
        return self.emulator.config.site_id

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was asked so far, the oldest first."""
        return list(self.emulator.journal)

    @property
    def deliveries(self) -> list[dict[str, Any]]:
        """The notifications so far, with their tries."""
        return self.emulator.postman.list_all()

    def notify(self, callback_url: str) -> None:
        """Send notifications there from now on; empty: nowhere."""
        self.emulator.config.callback_url = callback_url

    def get(self, bill_id: object) -> Bill | None:
        """Return a bill as it stands."""
        return self.emulator.book.get(str(bill_id))

    def pay(self, bill_id: object) -> Bill | None:
        """Pay a bill as its payer would."""
        return self.emulator.finish(str(bill_id), PAID)

    def reject(self, bill_id: object) -> Bill | None:
        """Decline a bill as its payer would."""
        return self.emulator.finish(str(bill_id), REJECTED)

    def fail(self, operation: str = "*", action: str = "status", **options: Any) -> None:
        """Let requests go wrong; see `Fault`."""
        self.emulator.faults.add(Fault(operation, action, **options))

    def mislead(self, action: str, **options: Any) -> None:
        """Let notifications go wrong; see `Mischief`."""
        self.emulator.mischiefs.add(Mischief(action, **options))

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self.emulator.faults.clear()
        self.emulator.mischiefs.clear()

    def move_clock(self, *, seconds: float) -> None:
        """Set how far its clock is ahead."""
        self.emulator.clock.move(seconds=seconds)

    def reset(self) -> None:
        """Forget everything, also where to send notifications."""
        self.notify("")
        self.emulator.reset()

    def stop(self) -> None:
        """End it; its port is free afterwards."""
        self.server.shutdown()
        self.thread.join(timeout=10)
        self.server.server_close()
        self.emulator.postman.stop()
        self.emulator.book.close()


def start(config: Config) -> Server:
    """Bind the port and start the postman; the caller serves. Raises OSError where the port is taken."""
    emulator = open_account(config)
    server = Server(emulator)
    config.public_url = config.public_url or server.local_url
    emulator.postman.start()
    return server


def run_in_thread(**options: Any) -> Handle:
    """Start an emulator in this process; `options` are those of `Config`, the port is a free one."""
    defaults: dict[str, Any] = {"port": 0, "secret": "emulator-secret", "retry_scale": 0.0001}
    config = Config(**(defaults | options))
    server = start(config)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="emulator", daemon=True)
    thread.start()
    return Handle(server.emulator, server, thread)
