"""Listening to what payments tell the house."""

from collections.abc import Iterator

import pytest

from payments.models import Bill
from payments.providers import transport
from payments.signals import bill_changed


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Don't wait long between the tries of one call."""
    monkeypatch.setattr(transport, "PAUSE", 0.005)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    """Every change of a bill that was told: from, to."""
    changes: list[tuple[str, str]] = []

    def hear(*, bill: Bill, previous: str, **_kwargs: object) -> None:
        changes.append((previous, bill.status))

    bill_changed.connect(hear)
    yield changes
    bill_changed.disconnect(hear)
