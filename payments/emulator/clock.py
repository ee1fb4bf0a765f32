"""A clock that tests can move."""

from datetime import UTC, datetime, timedelta, timezone

MOSCOW = timezone(timedelta(hours=3))


class Clock:
    """The time in Moscow, plus whatever somebody moved it by."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """Return the emulator's time."""
        return datetime.now(UTC).astimezone(MOSCOW) + self.offset

    def move(self, *, seconds: float) -> None:
        """Set how far the clock is ahead of the real time."""
        self.offset = timedelta(seconds=seconds)


def write_date(moment: datetime) -> str:
    """Write a date as QIWI's API does: milliseconds, offset with minutes."""
    return moment.astimezone(MOSCOW).isoformat(timespec="milliseconds")


def write_plain_date(moment: datetime) -> str:
    """Write a date as QIWI's API repeats the one it was given: whole seconds, offset with minutes."""
    return moment.astimezone(MOSCOW).isoformat(timespec="seconds")


def write_short_date(moment: datetime) -> str:
    """Write a date as QIWI's notifications do: whole seconds, offset without minutes."""
    return moment.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M:%S+03")
