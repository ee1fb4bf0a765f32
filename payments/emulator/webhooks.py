"""Notifications: sent at once, repeated with the provider's pauses until the shop takes them."""

import http.client
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from payments.emulator.config import Config
from payments.emulator.mischief import Mischief

logger = logging.getLogger(__name__)

# 36 tries a quarter of an hour apart, then 15 an hour apart: 51 tries within a day.
PAUSES = (15 * 60,) * 35 + (60 * 60,) * 15
TIMEOUT = 10.0
SENDERS = 20
BETWEEN_COPIES = 0.1


@dataclass(frozen=True, slots=True)
class Letter:
    """One notification as it is sent."""

    bill_id: str
    status: str
    body: str
    headers: dict[str, str]


@dataclass(slots=True)
class Delivery:
    """One notification and what became of it."""

    bill_id: str
    status: str
    body: str
    headers: dict[str, str]
    state: str = "pending"
    tries: list[dict[str, Any]] = field(default_factory=list)
    due: float = 0.0


class Postman:
    """Delivers notifications from a thread of its own."""

    def __init__(self, config: Config, *, is_taken: Callable[[int, bytes], bool]) -> None:
        self._config = config
        self._is_taken = is_taken
        self._deliveries: list[Delivery] = []
        self._wake = threading.Condition()
        self._stopped = False
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="notify")
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, leaving what is undelivered."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        self._thread.join(timeout=TIMEOUT)
        self._senders.shutdown(wait=False, cancel_futures=True)

    def post(self, letter: Letter, mischief: Mischief | None = None) -> None:
        """Send a letter, now and until it is taken, or as the mischief has it. Without an address: unsent."""
        if not self._config.callback_url:
            return
        new = [Delivery(letter.bill_id, letter.status, letter.body, letter.headers)]
        if mischief:
            new = _mistreat(new[0], mischief)
        with self._wake:
            held = [item for item in self._deliveries if item.state == "held"]
            self._deliveries += new
            if held and new[0].state != "held":
                for item in held:  # the later letter goes first, those held back follow it
                    item.state, item.due = "pending", time.monotonic() + BETWEEN_COPIES
            self._wake.notify_all()

    def replay(self, number: int) -> None:
        """Send an earlier letter once more, to the byte. Raises IndexError where there is none."""
        with self._wake:
            old = self._deliveries[number]
            self._deliveries.append(Delivery(old.bill_id, old.status, old.body, old.headers))
            self._wake.notify_all()

    def list_all(self) -> list[dict[str, Any]]:
        """Return every notification with all its tries."""
        with self._wake:
            return [asdict(delivery) for delivery in self._deliveries]

    def clear(self) -> None:
        """Forget everything, delivered or not."""
        with self._wake:
            self._deliveries.clear()

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._stopped:
                    return
                now = time.monotonic()
                due = [item for item in self._deliveries if item.state == "pending" and item.due <= now]
                for delivery in due:
                    delivery.state = "sending"
                if not due:
                    self._wake.wait(self._get_pause(now))
                    continue
            for delivery in due:
                self._senders.submit(self._try, delivery)

    def _get_pause(self, now: float) -> float:
        waits = [item.due - now for item in self._deliveries if item.state == "pending"]
        return max(0.001, min([0.5, *waits]))

    def _try(self, delivery: Delivery) -> None:
        outcome = self._send(delivery)
        with self._wake:
            number = len(delivery.tries)
            delivery.tries.append(outcome)
            if outcome["taken"]:
                delivery.state = "delivered"
            elif number >= len(PAUSES):
                delivery.state = "given up"
            else:
                delivery.due = time.monotonic() + PAUSES[number] * self._config.retry_scale
                delivery.state = "pending"
            self._wake.notify_all()
        logger.info("notified of %s %s: %s", delivery.bill_id, delivery.status, outcome["answer"])

    def _send(self, delivery: Delivery) -> dict[str, Any]:
        """Send once; say what was answered, and whether the provider would count it as taken."""
        outcome: dict[str, Any] = {"at": time.time(), "taken": False, "answer": ""}
        headers = {"Accept": "application/json", "Content-type": "application/json", **delivery.headers}
        try:
            status, body = _post(self._config.callback_url, delivery.body.encode(), headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcome["answer"] = type(error).__name__
            return outcome
        outcome["answer"] = f"{status} {body[:200].decode('utf-8', 'replace')}"
        outcome["taken"] = self._is_taken(status, body)
        return outcome


def _mistreat(delivery: Delivery, mischief: Mischief) -> list[Delivery]:
    """Return what is sent in place of one honest letter."""
    now = time.monotonic()
    if mischief.action == "lost":
        delivery.state = "lost"
    elif mischief.action == "reorder":
        delivery.state = "held"
    elif mischief.action == "late":
        delivery.due = now + mischief.seconds
    copies = mischief.copies if mischief.action in {"double", "at_once"} else 1
    pause = BETWEEN_COPIES if mischief.action == "double" else 0.0
    more = [
        Delivery(delivery.bill_id, delivery.status, delivery.body, delivery.headers, due=now + number * pause)
        for number in range(1, copies)
    ]
    return [delivery, *more]


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(4096)
    finally:
        connection.close()
