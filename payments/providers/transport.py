"""Speaking HTTP with a provider: deadlines, repetitions, no surprises. Knows neither bills nor protocols."""

import logging
import os
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError as Urllib3Error

from payments.providers.base import OutcomeUnknown, ProviderError, ProviderUnavailable
from payments.providers.watchdog import WatchedAdapter, watch

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 3.0
DEADLINE = 20.0
TRIES = 3
PAUSE = 0.2
MAX_ANSWER = 256 * 1024
TRANSIENT = frozenset({429, 502, 503, 504})
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `is_write`: where its answer is lost, nobody knows whether it had an effect."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    is_write: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: its status and its bytes."""

    status: int
    body: bytes
    retry_after: float | None = None


class Transport:
    """One account at one address. Every call it is given must be safe to repeat as it is."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        auth: AuthBase,
        read_timeout: float = 8.0,
        deadline: float = DEADLINE,
        transient: frozenset[int] = TRANSIENT,
    ) -> None:
        self._name = name
        self._base_url = base_url.rstrip("/")
        self._auth = auth
        self._read_timeout = read_timeout
        self._deadline = deadline
        self._transient = transient

    def ask(self, call: Call, *, timeout: float | None = None) -> Answer:
        """Send the call, again where that can help and time is left; `timeout`: seconds for all of it.

        A server that says when to come back is not asked sooner, nor at all if that is after the deadline.
        Raises ProviderUnavailable where it surely had no effect, OutcomeUnknown where it may have had one.
        """
        deadline = time.monotonic() + (timeout or self._deadline)
        for number in range(1, TRIES + 1):
            pause = PAUSE * 2**number * random.uniform(0.5, 1)  # noqa: S311 (spreads load, guards nothing)
            try:
                answer = self._send(call, deadline)
            except (ProviderUnavailable, OutcomeUnknown) as error:
                logger.warning("%s did not answer %s (try %d): %s", self._name, call.method, number, error)
                if _is_last(number, pause, deadline):
                    raise
            else:
                pause = max(pause, answer.retry_after or 0)
                if answer.status not in self._transient or _is_last(number, pause, deadline):
                    return answer
            time.sleep(pause)
        message = "unreachable: the last try returns or raises"
        raise AssertionError(message)

    def _send(self, call: Call, deadline: float) -> Answer:
        left = deadline - time.monotonic()
        if left <= 0:
            message = "no time left"
            raise ProviderUnavailable(message)
        headers = {"Content-Type": "application/json"} if call.body else {}
        try:
            with (
                watch(left),
                _get_session().request(
                    call.method,
                    self._base_url + call.path,
                    data=call.body,
                    headers={**headers, **(call.headers or {})},
                    auth=self._auth,
                    timeout=(min(CONNECT_TIMEOUT, left), min(self._read_timeout, left)),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                return Answer(
                    response.status_code, _read_body(response, deadline), _get_retry_after(response)
                )
        except requests.ConnectTimeout as error:
            raise ProviderUnavailable(_describe(error)) from None
        except (requests.RequestException, Urllib3Error, OSError) as error:
            raise _classify(error, is_write=call.is_write) from None


def doubt(*, is_write: bool) -> type[OutcomeUnknown] | type[ProviderUnavailable]:
    """Return what nonsense in an answer means: a write in doubt, a read that failed."""
    return OutcomeUnknown if is_write else ProviderUnavailable


def _is_last(number: int, pause: float, deadline: float) -> bool:
    """Whether there is no further try: there were enough, or its time would come too late."""
    return number == TRIES or time.monotonic() + pause >= deadline


def _get_session() -> requests.Session:
    """Return this thread's session; a forked child never shares its parent's sockets."""
    if getattr(_local, "pid", None) != os.getpid():
        session = requests.Session()
        session.trust_env = False
        session.headers["Accept"] = "application/json"
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = WatchedAdapter(pool_connections=4, pool_maxsize=4, max_retries=0)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        _local.pid, _local.session = os.getpid(), session
    return _local.session


def _read_body(response: requests.Response, deadline: float) -> bytes:
    """Read the answer piece by piece: a server that drips must not outlast the deadline."""
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(16384, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER or time.monotonic() > deadline:
            message = "the answer is too long or too slow"
            raise OSError(message)
    return b"".join(parts)


def _get_retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004


def _classify(error: Exception, *, is_write: bool) -> ProviderError:
    """Tell whether the request can have had an effect. Never quotes an address or a header."""
    refused = "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
    return doubt(is_write=is_write and not refused)(_describe(error))


def _describe(error: Exception) -> str:
    return type(error).__name__
