"""What every emulated provider has: bills, a pay page, a postman, a journal, faults. No sockets here."""

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

from payments.emulator.bills import PAID, REJECTED, Bill, Book, NotWaiting
from payments.emulator.clock import Clock
from payments.emulator.config import Config
from payments.emulator.control import Control
from payments.emulator.faults import Fault, Faults
from payments.emulator.mischief import Mischief, Mischiefs
from payments.emulator.pay_page import accept_success_url, read_style, show_bill, show_missing, write_page_url
from payments.emulator.web import Request, Response, answer_html, redirect
from payments.emulator.webhooks import Letter, Postman

JOURNAL_LENGTH = 5000
BROKEN_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
Answer = Callable[[Request], Response]


class Emulator(ABC):
    """One emulated account. What its API understands and how it notifies is the provider's."""

    brand: ClassVar[str]
    # Whether the pay page has to be reached with a Referer.
    wants_referer: ClassVar[bool] = False

    def __init__(self, config: Config) -> None:
        self.config = config
        self.clock = Clock()
        self.book = Book(path=config.state, clock=self.clock, expiry_lag=config.expiry_lag)
        self.postman = Postman(config, is_taken=self.is_taken)
        self.faults = Faults()
        self.mischiefs = Mischiefs()
        self.journal: deque[dict[str, Any]] = deque(maxlen=JOURNAL_LENGTH)
        self.latency = 0.0
        self.book.on_change = self.notify
        self._control = Control(self)

    @abstractmethod
    def find_operation(self, request: Request) -> tuple[str, Answer] | None:
        """Find what a request asks the API for: its name, for faults and journal, and who answers it."""

    @abstractmethod
    def write_bill(self, bill: Bill) -> dict[str, Any]:
        """Write a bill as the API answers it."""

    @abstractmethod
    def write_letter(self, bill: Bill, mischief: Mischief | None = None) -> Letter | None:
        """Write what a bill's new status is told with, truthfully or not; None where nothing is told."""

    @abstractmethod
    def is_taken(self, status: int, body: bytes) -> bool:
        """Whether this answer to a notification counts as taken."""

    @abstractmethod
    def refuse_path(self, request: Request) -> Response:
        """Answer a request for what doesn't exist."""

    def handle(self, request: Request) -> Response:
        """Answer a request, faults and all, and write it down."""
        if request.path.startswith("/__control__/"):
            return self._control.handle(request)
        operation, answer = self._choose(request)
        fault = self.faults.take(operation) if operation else None
        entry = self._note(request, operation, fault)
        if operation:
            time.sleep(self.latency)
        response = spoil(fault, lambda: answer(request)) if fault else answer(request)
        entry["status"] = 0 if response.dropped else int(response.status)
        return response

    def notify(self, bill: Bill) -> None:
        """Tell the shop how a bill stands now, unless somebody wants it told otherwise."""
        mischief = self.mischiefs.take()
        letter = self.write_letter(bill, mischief)
        if letter:
            self.postman.post(letter, mischief)

    def write_pay_url(self, bill: Bill) -> str:
        """Return the address a bill is paid at."""
        return f"{self.config.public_url.rstrip('/')}/form/?invoice_uid={bill.invoice_uid}"

    def finish(self, bill_id: str, status: str) -> Bill | None:
        """Pay or reject a bill as its payer would; a final one stays as it is."""
        try:
            return self.book.finish(bill_id, status)
        except NotWaiting as final:
            return final.bill

    def reset(self) -> None:
        """Forget everything: bills, notifications, faults, the moved clock."""
        self.book.clear()
        self.book.expiry_lag = self.book.make_lag(self.config.expiry_lag)
        self.postman.clear()
        self.faults.clear()
        self.mischiefs.clear()
        self.journal.clear()
        self.latency = 0.0
        self.clock.move(seconds=0)

    def _choose(self, request: Request) -> tuple[str, Answer]:
        pages: dict[tuple[str, str], tuple[str, Answer]] = {
            ("GET", "/form"): ("form", self._show_page),
            ("POST", "/form/pay"): ("form", lambda asked: self._press(asked, PAID)),
            ("POST", "/form/reject"): ("form", lambda asked: self._press(asked, REJECTED)),
            ("GET", "/static/emulator.css"): ("", lambda _asked: read_style()),
        }
        page = pages.get((request.method, request.path.rstrip("/")))
        return page or self.find_operation(request) or ("", self.refuse_path)

    def _show_page(self, request: Request) -> Response:
        # `paySource` is taken and ignored: there is one way to pay here.
        bill = self.book.get_by_invoice(
            request.query.get("invoice_uid") or request.query.get("invoiceUid", "")
        )
        if bill is None:
            return show_missing()
        return show_bill(
            bill,
            brand=self.brand,
            success_url=accept_success_url(request.query.get("successUrl", "") or bill.return_url),
            warn=self.wants_referer and not request.headers.get("referer", ""),
        )

    def _press(self, request: Request, status: str) -> Response:
        """Do what a button of the pay page says, then show the page again, safe to reload."""
        bill = self.book.get_by_invoice(request.form.get("invoice_uid", ""))
        if bill is None:
            return show_missing()
        self.finish(bill.bill_id, status)
        return redirect(write_page_url(bill, accept_success_url(request.form.get("successUrl", ""))))

    def _note(self, request: Request, operation: str, fault: Fault | None) -> dict[str, Any]:
        """Write a request down as it comes: one that is held back was asked all the same."""
        entry = {
            "at": self.clock.now().isoformat(),
            "operation": operation,
            "method": request.method,
            "path": request.path,
            "referer": request.headers.get("referer", ""),
            "key": request.headers.get("idempotence-key", ""),
            "body": request.body.decode("utf-8", "replace"),
            "status": None,
            "fault": fault.action if fault else "",
        }
        self.journal.append(entry)
        return entry


def spoil(fault: Fault, answer: Callable[[], Response]) -> Response:
    """Answer a request in the way the fault says."""
    if fault.action == "drop_before":
        return Response(dropped=True)
    if fault.action == "status":
        return answer_html(BROKEN_PAGE, fault.status)
    if fault.action == "unauthorized":
        return Response(401)
    response = answer()
    time.sleep(fault.pick_seconds())
    response.dropped = fault.action == "drop_after"
    response.truncated = fault.action == "truncate"
    response.drip = fault.drip
    spoiled = {
        "html": answer_html(BROKEN_PAGE),
        "empty": Response(200),
        "status_after": answer_html(BROKEN_PAGE, fault.status),
    }
    return spoiled.get(fault.action, response)
