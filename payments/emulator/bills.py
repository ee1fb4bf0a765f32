"""The emulator's bills and their life, kept in one SQLite file (or in memory)."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from payments.emulator.clock import Clock

WAITING, HELD, PAID, REJECTED, EXPIRED = "WAITING", "HELD", "PAID", "REJECTED", "EXPIRED"
SCHEMA = "CREATE TABLE IF NOT EXISTS bills (bill_id TEXT PRIMARY KEY, invoice_uid TEXT UNIQUE, document TEXT)"


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill. Never changed in place: a new one replaces it."""

    bill_id: str
    site_id: str
    currency: str
    value: str
    created: datetime
    expires: datetime
    status: str = WAITING
    changed: datetime | None = None
    comment: str = ""
    customer: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[str, Any] = field(default_factory=dict)
    invoice_uid: str = field(default_factory=lambda: str(uuid4()))
    # Only some providers know these.
    return_url: str = ""
    capture: bool = True
    receipt: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    refunds: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status_changed(self) -> datetime:
        """When it got the status it has."""
        return self.changed or self.created


class NotWaiting(Exception):
    """The bill is final; `bill` is how it stands."""

    def __init__(self, bill: Bill) -> None:
        super().__init__(bill.status)
        self.bill = bill


class Book:
    """All bills. Every change happens under one lock and is told to `on_change` within it."""

    def __init__(self, *, path: str, clock: Clock, expiry_lag: float = 0.0) -> None:
        self.on_change: Callable[[Bill], None] = lambda _bill: None
        self.expiry_lag = self.make_lag(expiry_lag)
        self._clock = clock
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute(SCHEMA)

    @staticmethod
    def make_lag(seconds: float) -> timedelta:
        """Return how long after its time a bill can still be paid."""
        return timedelta(seconds=seconds)

    def add(self, bill: Bill) -> tuple[Bill, bool]:
        """Keep a new bill; where its id is taken, return the one that has it, and False."""
        with self._locked():
            known = self.get(bill.bill_id)
            if known:
                return known, False
            self._write(bill)
            return bill, True

    def get(self, bill_id: str) -> Bill | None:
        """Return the bill as it stands now, its time having passed or not."""
        return self._find("SELECT document FROM bills WHERE bill_id = ?", bill_id)

    def get_by_invoice(self, invoice_uid: str) -> Bill | None:
        """Return the bill of a pay page."""
        return self._find("SELECT document FROM bills WHERE invoice_uid = ?", invoice_uid)

    def list_all(self) -> list[Bill]:
        """Return all bills, the newest first."""
        with self._locked():
            rows = self._database.execute("SELECT document FROM bills ORDER BY rowid DESC").fetchall()
            return [self._expire(_read(row[0])) for row in rows]

    def finish(self, bill_id: str, status: str, *, since: str = WAITING, reason: str = "") -> Bill | None:
        """Give a bill that is `since` another status. Raises NotWaiting where it has another one already."""
        with self._locked():
            bill = self.get(bill_id)
            if bill is None:
                return None
            if bill.status != since:
                raise NotWaiting(bill)
            if status == PAID and since == WAITING and not bill.capture:
                status = HELD
            return self._change(replace(bill, reason=reason), status, self._clock.now())

    def amend(self, bill_id: str, change: Callable[[Bill], Bill]) -> Bill | None:
        """Change a bill in another way than its status; nobody is told."""
        with self._locked():
            bill = self.get(bill_id)
            if bill is None:
                return None
            changed = change(bill)
            self._write(changed)
            return changed

    def clear(self) -> None:
        """Forget every bill."""
        with self._locked():
            self._database.execute("DELETE FROM bills")

    def close(self) -> None:
        """Close the file."""
        with self._locked():
            self._database.close()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock:
            yield

    def _find(self, query: str, value: str) -> Bill | None:
        with self._locked():
            row = self._database.execute(query, (value,)).fetchone()
            return self._expire(_read(row[0])) if row else None

    def _expire(self, bill: Bill) -> Bill:
        ends = bill.expires + self.expiry_lag
        if bill.status != WAITING or self._clock.now() < ends:
            return bill
        return self._change(bill, EXPIRED, ends)

    def _change(self, bill: Bill, status: str, at: datetime) -> Bill:
        changed = replace(bill, status=status, changed=at)
        self._write(changed)
        self.on_change(changed)
        return changed

    def _write(self, bill: Bill) -> None:
        document = json.dumps(asdict(bill), default=datetime.isoformat)
        self._database.execute(
            "INSERT OR REPLACE INTO bills VALUES (?, ?, ?)", (bill.bill_id, bill.invoice_uid, document)
        )


def _read(document: str) -> Bill:
    data = json.loads(document)
    for name in ("created", "expires", "changed"):
        data[name] = datetime.fromisoformat(data[name]) if data[name] else None
    return Bill(**data)
