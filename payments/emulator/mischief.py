"""Notifications that go wrong on demand: the next so many arrive late, twice, forged or never."""

import threading
from dataclasses import dataclass, replace

# What each does is written in README.md.
ACTIONS = frozenset(
    {"late", "double", "at_once", "reorder", "lost", "forged", "wrong_amount", "wrong_site", "wrong_currency"}
)


@dataclass(frozen=True, slots=True)
class Mischief:
    """What becomes of a notification, and of how many (None: of all until told otherwise).

    `seconds` is how late it is; `copies` how many are sent; `value` what stands in the wrong place.
    """

    action: str
    times: int | None = 1
    seconds: float = 1.0
    copies: int = 2
    value: str = ""

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            message = f"no such mischief: {self.action}"
            raise ValueError(message)

    def pick(self, action: str, truth: str, lie: str) -> str:
        """Return the lie where this is the mischief, else the truth."""
        return (self.value or lie) if self.action == action else truth


class Mischiefs:
    """What waits for the next notifications."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Mischief] = []

    def add(self, mischief: Mischief) -> None:
        """Let this happen from now on."""
        with self._lock:
            self._waiting.append(mischief)

    def clear(self) -> None:
        """Let every notification arrive once and true."""
        with self._lock:
            self._waiting.clear()

    def take(self) -> Mischief | None:
        """Return what happens to this notification, and count it."""
        with self._lock:
            if not self._waiting:
                return None
            mischief = self._waiting.pop(0)
            left = None if mischief.times is None else mischief.times - 1
            if left != 0:
                self._waiting.insert(0, replace(mischief, times=left))
            return mischief
