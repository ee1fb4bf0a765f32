"""How often somebody may do something."""

from django.core.cache import cache


class TooOften(Exception):
    """Somebody does something faster than people do; nothing was changed."""


def check_rate(action: str, who: object, *, most: int, seconds: int) -> None:
    """Count one more time; raises TooOften where `is_too_often` says so."""
    if is_too_often(action, who, most=most, seconds=seconds):
        raise TooOften


def is_too_often(action: str, who: object, *, most: int, seconds: int) -> bool:
    """Count one more time; whether that is more than `most` in a window of `seconds`.

    The windows follow each other, so up to twice as many fit across a border. While Redis is away nobody
    is counted, and nobody refused.
    """
    key = f"limit:{action}:{who}"
    if cache.add(key, 1, seconds):
        return most < 1
    try:
        count: int | None = cache.incr(key)
    except ValueError:  # the window ended between the two questions
        return False
    return count is not None and count > most
