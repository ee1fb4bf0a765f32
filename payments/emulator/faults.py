"""Faults on demand: the next so many requests of one kind go wrong in one way."""

import random
import threading
from dataclasses import dataclass

# What each does is written in README.md.
ACTIONS = frozenset(
    {
        "status",
        "status_after",
        "unauthorized",
        "drop_before",
        "drop_after",
        "truncate",
        "html",
        "empty",
        "slow",
        "drip",
        "drip_headers",
    }
)
OPERATIONS = frozenset(
    {
        "create",
        "fetch",
        "reject",
        "capture",
        "refund",
        "fetch_refund",
        "settle",
        "fetch_receipt",
        "list",
        "form",
        "*",
    }
)
DRIP_PAUSE = 0.1


@dataclass(slots=True)
class Fault:
    """What goes wrong: `operation` (or `*`), how, and how often (None: until told otherwise).

    `seconds` holds an answer back (with `jitter`, up to that much longer) or, where it drips, is the pause
    after each byte.
    """

    operation: str = "*"
    action: str = "status"
    times: int | None = 1
    status: int = 503
    seconds: float = 0.0
    jitter: float = 0.0

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS or self.action not in ACTIONS:
            message = f"no such fault: {self.operation} {self.action}"
            raise ValueError(message)

    @property
    def drip(self) -> tuple[str, float] | None:
        """Which part of the answer comes byte by byte, and how slowly."""
        parts = {"drip": "body", "drip_headers": "headers"}
        return (parts[self.action], self.seconds or DRIP_PAUSE) if self.action in parts else None

    def pick_seconds(self) -> float:
        """Return how long this answer is held back."""
        spread = random.uniform(0, self.jitter)  # noqa: S311 (a delay)
        return 0.0 if self.drip else self.seconds + spread


class Faults:
    """The faults that are waiting for their request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let this go wrong from now on."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._waiting.clear()

    def take(self, operation: str) -> Fault | None:
        """Return the fault this request suffers, if any, and count it."""
        with self._lock:
            for fault in self._waiting:
                if fault.operation in {operation, "*"}:
                    self._count(fault)
                    return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._waiting.remove(fault)
