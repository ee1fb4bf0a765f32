"""The levers behind the curtain: look at everything, pay without a browser, break things on purpose."""

import hmac
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from payments.emulator.bills import PAID, REJECTED
from payments.emulator.faults import Fault
from payments.emulator.mischief import Mischief
from payments.emulator.web import Request, Response, answer_json

if TYPE_CHECKING:
    from payments.emulator.app import Emulator

PREFIX = "/__control__/"
TOKEN_HEADER = "x-control-token"  # noqa: S105 (a header's name)
LOCAL = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


class Control:
    """The control API. Open to this machine alone, or to whoever has the token."""

    def __init__(self, emulator: "Emulator") -> None:
        self._emulator = emulator

    def handle(self, request: Request) -> Response:
        """Answer a control request."""
        if not self._is_allowed(request):
            return answer_json({"error": "the control API is closed to you"}, 403)
        name, _, argument = request.path.removeprefix(PREFIX).strip("/").partition("/")
        if request.method == "GET":
            return self._show(name)
        try:
            data = json.loads(request.body or b"{}")
            return self._do(name, argument, data)
        except (ValueError, TypeError, LookupError, RecursionError, OverflowError, AttributeError) as error:
            return answer_json({"error": f"{type(error).__name__}: {error}"}, 400)

    def _is_allowed(self, request: Request) -> bool:
        token = self._emulator.config.control_token
        if not token:
            return request.client in LOCAL
        return hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), token.encode())

    def _show(self, name: str) -> Response:
        emulator = self._emulator
        if name == "health":
            return answer_json({"ok": True})
        if name == "bills":
            return answer_json([emulator.write_bill(bill) for bill in emulator.book.list_all()])
        if name == "requests":
            return answer_json(list(emulator.journal))
        if name == "deliveries":
            return answer_json(emulator.postman.list_all())
        return answer_json({"error": "no such view"}, 404)

    def _do(self, name: str, argument: str, data: dict[str, Any]) -> Response:
        if name in {"pay", "reject"}:
            return self._finish(argument, PAID if name == "pay" else REJECTED)
        levers: dict[str, Callable[[dict[str, Any]], Response]] = {
            "reset": self._reset,
            "clock": self._move_clock,
            "latency": self._set_latency,
            "expiry-lag": self._set_expiry_lag,
            "faults": self._set_fault,
            "webhooks": self._set_mischief,
            "replay": self._replay,
        }
        lever = levers.get(name)
        return lever(data) if lever else answer_json({"error": "no such lever"}, 404)

    def _reset(self, _data: dict[str, Any]) -> Response:
        self._emulator.reset()
        return answer_json({"ok": True})

    def _move_clock(self, data: dict[str, Any]) -> Response:
        self._emulator.clock.move(seconds=float(data["seconds"]))
        return answer_json({"now": self._emulator.clock.now().isoformat()})

    def _set_latency(self, data: dict[str, Any]) -> Response:
        self._emulator.latency = max(0.0, float(data["seconds"]))
        return answer_json({"seconds": self._emulator.latency})

    def _set_expiry_lag(self, data: dict[str, Any]) -> Response:
        book = self._emulator.book
        book.expiry_lag = book.make_lag(float(data["seconds"]))
        return answer_json({"seconds": book.expiry_lag.total_seconds()})

    def _set_mischief(self, data: dict[str, Any]) -> Response:
        """Let the next notifications go wrong; `{"clear": true}` ends it."""
        if data.get("clear"):
            self._emulator.mischiefs.clear()
            return answer_json({"ok": True})
        mischief = Mischief(**data)
        self._emulator.mischiefs.add(mischief)
        return answer_json(asdict(mischief))

    def _replay(self, data: dict[str, Any]) -> Response:
        """Send an earlier notification again, by its place in `/deliveries`."""
        self._emulator.postman.replay(int(data.get("number", -1)))
        return answer_json({"ok": True})

    def _finish(self, bill_id: str, status: str) -> Response:
        bill = self._emulator.finish(bill_id, status)
        if bill is None:
            return answer_json({"error": "no such bill"}, 404)
        return answer_json(self._emulator.write_bill(bill))

    def _set_fault(self, data: dict[str, Any]) -> Response:
        """Add one fault; `{"clear": true}` ends all, `{"unavailable": true}` answers 503 until then."""
        faults = self._emulator.faults
        if data.get("clear") or "unavailable" in data:
            faults.clear()
        if data.get("unavailable"):
            faults.add(Fault(times=None))
        elif not data.get("clear") and "unavailable" not in data:
            fault = Fault(**data)
            faults.add(fault)
            return answer_json(asdict(fault))
        return answer_json({"ok": True})
