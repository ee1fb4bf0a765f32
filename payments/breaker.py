"""A provider that keeps failing is left alone for a while: nobody waits for what will not come.

All processes share one breaker for each provider, in Redis. Where Redis is away there is no breaker, and each
call is tried. Notifications never pass through here: what a provider tells us is always taken.

    closed ──5 failures in a row──▶ open ──30 s──▶ half-open: one call is let through
       ▲                             ▲                │
       └────────── it succeeds ──────┼────────────────┤
                                     └─── it fails ───┘
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from payments.providers.base import Misconfigured, OutcomeUnknown, ProviderError, ProviderUnavailable

logger = logging.getLogger(__name__)

FAILURES = 5
# Failures further apart than this are no row.
WINDOW_SECONDS = 120
REST_SECONDS = 30
# How long the one call of a half-open breaker may take before another is let through.
PROBE_SECONDS = 15


class ProviderResting(ProviderUnavailable):
    """The provider failed so often that it was not even asked."""


@contextmanager
def guard(provider: str) -> Iterator[None]:
    """Call the provider within. Raises ProviderResting, at once, while its breaker is open."""
    _enter(provider)
    try:
        yield
    except (ProviderUnavailable, OutcomeUnknown):
        _count_failure(provider)
        raise
    except Misconfigured:
        _open(
            provider, reason="it refuses us altogether"
        )  # no call will succeed until a person has changed that
        raise
    except ProviderError:
        _close(provider)  # an answer, if not the one we hoped for
        raise
    _close(provider)


def is_open(provider: str) -> bool:
    """Whether the provider is being left alone."""
    return bool(cache.get(_get_key(provider, "open")))


def _enter(provider: str) -> None:
    failures, opened, tripped = (_get_key(provider, name) for name in ("failures", "open", "tripped"))
    state = cache.get_many([failures, opened, tripped])
    if opened in state:
        message = f"{provider} failed lately and is left alone"
        raise ProviderResting(message, retry_after=REST_SECONDS)
    if tripped in state and not cache.add(_get_key(provider, "probe"), 1, PROBE_SECONDS):
        message = f"{provider} failed lately and is being tried by somebody else"
        raise ProviderResting(message, retry_after=PROBE_SECONDS)


def _count_failure(provider: str) -> None:
    key = _get_key(provider, "failures")
    if cache.get(_get_key(provider, "tripped")):
        _open(provider, reason="it failed again")
        return
    if cache.add(key, 1, WINDOW_SECONDS):
        return
    try:
        failures: int | None = cache.incr(key)
    except ValueError:  # it expired in between
        return
    if failures and failures >= FAILURES:  # None: Redis is away
        _open(provider, reason=f"it failed {failures} times in a row")


def _open(provider: str, *, reason: str) -> None:
    logger.error("%s is left alone for %d seconds: %s", provider, REST_SECONDS, reason)
    cache.set(_get_key(provider, "open"), 1, REST_SECONDS)
    cache.set(_get_key(provider, "tripped"), 1, REST_SECONDS + WINDOW_SECONDS)
    cache.delete_many([_get_key(provider, name) for name in ("probe", "failures")])


def _close(provider: str) -> None:
    """Forget all failures; where there were none, one question to Redis and nothing more."""
    keys = [_get_key(provider, name) for name in ("failures", "tripped", "probe", "open")]
    if cache.get_many(keys[:2]):
        cache.delete_many(keys)


def _get_key(provider: str, name: str) -> str:
    return f"payments:breaker:{provider}:{name}"
