"""The minute-old picture of a bill, kept in the cache, and how it is forgotten."""

from typing import Any
from uuid import UUID

from django.core.cache import cache

SECONDS = 60
FLIGHT_SECONDS = 10


def get_view_key(bill_id: UUID) -> str:
    """Name the picture."""
    return f"payments:bill:{bill_id}:v1"


def get_flight_key(bill_id: UUID) -> str:
    """Name the lock that lets one process ask the provider while others wait."""
    return f"payments:bill:{bill_id}:flight"


def get_generation_key(bill_id: UUID) -> str:
    """Name the number that changes whenever the picture is dropped."""
    return f"payments:bill:{bill_id}:generation"


def get_view(bill_id: UUID) -> dict[str, Any] | None:
    """Return the picture, if there is one."""
    view = cache.get(get_view_key(bill_id))
    return view if isinstance(view, dict) else None


def get_generation(bill_id: UUID) -> int:
    """Return how often the picture was dropped lately."""
    return int(cache.get(get_generation_key(bill_id), 0))


def keep_view(bill_id: UUID, view: dict[str, Any], *, generation: int) -> None:
    """Keep the picture for a minute, unless there was news since `generation` was read."""
    if get_generation(bill_id) == generation:
        cache.set(get_view_key(bill_id), view, SECONDS)


def drop_view(bill_id: UUID) -> None:
    """Forget the picture; one that is being made now will not be kept either."""
    if not cache.add(get_generation_key(bill_id), 1, SECONDS * 2):
        try:
            cache.incr(get_generation_key(bill_id))
        except ValueError:  # it expired in between
            cache.set(get_generation_key(bill_id), 1, SECONDS * 2)
    cache.delete(get_view_key(bill_id))
