"""Idempotence keys: under one key a change happens once, for 24 hours."""

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from payments.emulator.clock import Clock
from payments.emulator.web import Request, Response
from payments.emulator.yookassa.refusals import Refusal

KEY = re.compile(r"[0-9a-zA-Z+\-_.]{1,64}")
REMEMBERED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Memory:
    """What was asked under a key, and answered."""

    fingerprint: str
    status: int
    body: bytes
    at: datetime


class Keys:
    """All keys of the last day. One change at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._known: dict[str, Memory] = {}

    def do_once(self, request: Request, do: Callable[[], Response]) -> Response:
        """Do what is asked, or answer what was answered to it before. Raises Refusal."""
        key = request.headers.get("idempotence-key", "")
        if not KEY.fullmatch(key):
            raise Refusal(400, "invalid_request", "Idempotence key is missing", "Idempotence-Key")
        fingerprint = hashlib.sha256(request.path.encode() + b"|" + request.body).hexdigest()
        with self._lock:
            known = self._known.get(key)
            if known and self._clock.now() - known.at < REMEMBERED:
                if known.fingerprint != fingerprint:
                    raise Refusal(400, "invalid_request", "Idempotence key duplicated", "Idempotence-Key")
                return Response(known.status, known.body, {"Content-Type": "application/json"})
            response = do()
            self._known[key] = Memory(fingerprint, response.status, response.body, self._clock.now())
            return response

    def clear(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._known.clear()
