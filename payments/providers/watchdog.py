"""A call that ends in time whatever its server does.

A socket's timeout bounds each wait for a byte, not the whole: a server that sends its headers one byte
a second would hold a worker for hours. So a timer shuts the socket, and whoever waits for it is told.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_local = threading.local()


class Watch:
    """The connection a call is using at the moment, and whether its time is up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: HTTPConnection | None = None
        self._is_over = False

    def follow(self, connection: HTTPConnection) -> None:
        """Take over a connection; where the time is up already, it is shut at once."""
        with self._lock:
            self._connection = connection
            if self._is_over:
                _shut(connection)

    def end(self) -> None:
        """Shut the connection now."""
        with self._lock:
            self._is_over = True
            if self._connection is not None:
                _shut(self._connection)

    def forget(self) -> None:
        """The call is done; whatever comes later must not touch its connection."""
        with self._lock:
            self._connection = None


@contextmanager
def watch(seconds: float) -> Iterator[None]:
    """Shut the connection of this thread's call once the seconds are over."""
    _local.watch = guard = Watch()
    timer = threading.Timer(seconds, guard.end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        guard.forget()
        _local.watch = None


class WatchedHTTPConnection(HTTPConnection):
    """A connection that tells the watch when it is used."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request, watched."""
        _follow(self)
        super().request(*args, **kwargs)

    def connect(self) -> None:
        """Connect, watched."""
        _follow(self)
        super().connect()


class WatchedHTTPSConnection(HTTPSConnection):
    """The same over TLS, its handshake included."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request, watched."""
        _follow(self)
        super().request(*args, **kwargs)

    def connect(self) -> None:
        """Connect, watched."""
        _follow(self)
        super().connect()


class _Pool(HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection


class WatchedAdapter(HTTPAdapter):
    """An adapter for requests whose connections are watched."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}


def _follow(connection: HTTPConnection) -> None:
    guard: Watch | None = getattr(_local, "watch", None)
    if guard is not None:
        guard.follow(connection)


def _shut(connection: HTTPConnection) -> None:
    """End all waiting on the socket; it is closed by whoever owns it."""
    sock = getattr(connection, "sock", None)
    if isinstance(sock, socket.socket):
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
