"""The minute-old picture of a bill, kept in the cache, and how it is forgotten.

A picture bears the generation that was read before the provider was asked; in any other it is none. So news
forget it by one word to Redis, and one that is being made meanwhile is never believed.
"""

from secrets import token_hex
from typing import Any
from uuid import UUID

from django.core.cache import cache

SECONDS = 60
FLIGHT_SECONDS = 10


def get_view_key(bill_id: UUID) -> str:
    """Name the picture."""
    return f"payments:bill:{bill_id}:v2"


def get_flight_key(bill_id: UUID) -> str:
    """Name the lock that lets one process ask the provider while others wait."""
    return f"payments:bill:{bill_id}:flight"


def get_generation_key(bill_id: UUID) -> str:
    """Name the generation, which is another one after all news."""
    return f"payments:bill:{bill_id}:generation:v2"


def get_view(bill_id: UUID) -> dict[str, Any] | None:
    """Return the picture, if there is one."""
    known = cache.get_many([get_view_key(bill_id), get_generation_key(bill_id)])
    generation, view = known.get(get_view_key(bill_id), (None, None))
    return view if generation == known.get(get_generation_key(bill_id)) else None


def get_generation(bill_id: UUID) -> str | None:
    """Return the generation of a picture that is begun now."""
    generation: str | None = cache.get(get_generation_key(bill_id))
    return generation


def keep_view(bill_id: UUID, view: dict[str, Any], *, generation: str | None) -> None:
    """Keep the picture for a minute; `generation` was read before the provider was asked."""
    cache.set(get_view_key(bill_id), (generation, view), SECONDS)


def drop_view(bill_id: UUID) -> None:
    """Forget the picture; one that is being made now will not be believed either."""
    cache.set(get_generation_key(bill_id), token_hex(8), SECONDS * 2)  # longer than any picture lives
