"""Several at the same moment: threads that start together, each with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

Call = Callable[[], Any]


def run_at_once(calls: Sequence[Call], *, at_once: int | None = None) -> list[Any]:
    """Run the calls, no more than `at_once` of them together; what each returned. An error is an error."""
    threads = at_once or len(calls)
    barrier = Barrier(threads)

    def run(numbered: tuple[int, Call]) -> Any:
        number, call = numbered
        if number < threads:
            barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, enumerate(calls)))


def try_at_once(calls: Sequence[Call]) -> list[Any]:
    """Run the calls together; what each returned or raised."""
    return run_at_once([lambda call=call: attempt(call) for call in calls])


def attempt(call: Call) -> Any:
    """What the call returns or raises."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 -- the test looks at what it was
        return error
