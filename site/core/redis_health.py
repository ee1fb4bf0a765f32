"""Waiting for a Redis that does not answer, once and not for each question.

A frozen Redis costs each question its socket's timeout, a second, and a page asks a dozen. So the first who
gets no answer notes it, and for a few seconds this process asks nobody: the cache has nothing, the broker is
told nothing, and the periodic jobs do later what was to be done.
"""

import time
from typing import Any
from urllib.parse import urlsplit

from redis.connection import Connection, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

AWAY_SECONDS = 5.0
FRESH_SECONDS = 0.02


class _Memory:
    """Until when this process takes Redis for away, and when it last heard of it."""

    until = 0.0
    heard = 0.0


def is_away() -> bool:
    """Whether Redis gave no answer lately."""
    return time.monotonic() < _Memory.until


def has_just_answered() -> bool:
    """Whether Redis answered this process a moment ago, so that asking how it is would be idle."""
    return time.monotonic() - _Memory.heard < FRESH_SECONDS


def note_away() -> None:
    """Redis gave no answer just now."""
    _Memory.until = time.monotonic() + AWAY_SECONDS


def forget() -> None:
    """Ask Redis again, whatever was noted."""
    _Memory.until = 0.0


class _Watchful:
    """A connection that notes a Redis that is away, and doesn't ask one that was away a moment ago."""

    def connect(self) -> None:
        _refuse_if_away()
        try:
            super().connect()  # type: ignore[misc]  # a mixin: the connection comes after it
        except (NoConnection, NoAnswer):
            note_away()
            raise

    def send_packed_command(self, *args: Any, **kwargs: Any) -> Any:
        _refuse_if_away()
        try:
            return super().send_packed_command(*args, **kwargs)  # type: ignore[misc]  # a mixin
        except (NoConnection, NoAnswer):
            note_away()
            raise

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = super().read_response(*args, **kwargs)  # type: ignore[misc]  # a mixin
        except (NoConnection, NoAnswer):
            note_away()
            raise
        _Memory.heard = time.monotonic()
        return answer


class WatchfulConnection(_Watchful, Connection):
    """redis://"""


class WatchfulTLSConnection(_Watchful, SSLConnection):
    """rediss://"""


class WatchfulSocketConnection(_Watchful, UnixDomainSocketConnection):
    """unix://"""


def get_connection_class(url: str) -> type[Connection | UnixDomainSocketConnection]:
    """Return the class of watchful connections for an address."""
    kinds: dict[str, type[Connection | UnixDomainSocketConnection]] = {
        "rediss": WatchfulTLSConnection,
        "unix": WatchfulSocketConnection,
    }
    return kinds.get(urlsplit(url).scheme, WatchfulConnection)


def _refuse_if_away() -> None:
    if is_away():
        message = "Redis did not answer a moment ago"
        raise NoConnection(message)
