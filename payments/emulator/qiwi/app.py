"""An emulated QIWI account."""

import hashlib
import hmac
import json
import re
from dataclasses import replace
from typing import Any, ClassVar

from payments.emulator.app import Answer, Emulator
from payments.emulator.bills import REJECTED, Bill, NotWaiting
from payments.emulator.mischief import Mischief
from payments.emulator.qiwi.protocol import Refusal, read_bill, write_bill, write_error, write_notification
from payments.emulator.web import Request, Response, answer_json
from payments.emulator.webhooks import Letter

API = re.compile(r"/partner/bill/v1/bills/(?P<bill_id>[^/]+)(?P<reject>/reject)?/?")
OK = 200


class QiwiEmulator(Emulator):
    """QIWI's P2P bills."""

    brand: ClassVar[str] = "QIWI"
    wants_referer: ClassVar[bool] = True

    def find_operation(self, request: Request) -> tuple[str, Answer] | None:
        """Find what is asked for."""
        if not API.fullmatch(request.path):
            return None
        is_reject = request.path.rstrip("/").endswith("/reject")
        names = {"PUT": "create", "GET": "fetch", "POST": "reject"}
        name = names.get(request.method, "")
        expected = {"create", "fetch"} if not is_reject else {"reject"}
        return (name, self._answer_api) if name in expected else ("", self._refuse_method)

    def write_bill(self, bill: Bill) -> dict[str, Any]:
        """Write a bill as the API answers it."""
        return write_bill(bill, pay_url=self.write_pay_url(bill))

    def write_letter(self, bill: Bill, mischief: Mischief | None = None) -> Letter:
        """Write a signed notification. Wrong amounts and sites are signed, too: only forgers have no key."""
        secret = self.config.secret
        if mischief:
            bill = replace(
                bill,
                value=mischief.pick("wrong_amount", bill.value, "1.00"),
                currency=mischief.pick("wrong_currency", bill.currency, "KZT"),
                site_id=mischief.pick("wrong_site", bill.site_id, "somebody-00"),
            )
            secret = mischief.pick("forged", secret, "not-the-key")
        headers = {"X-Api-Signature-SHA256": sign(bill, secret)}
        body = json.dumps(write_notification(bill), ensure_ascii=False)
        return Letter(bill.bill_id, bill.status, body, headers)

    def is_taken(self, status: int, body: bytes) -> bool:
        """Only 200 with `{"error":"0"}` counts."""
        try:
            data = json.loads(body)
        except ValueError:
            return False
        return status == OK and isinstance(data, dict) and str(data.get("error")) == "0"

    def refuse_path(self, request: Request) -> Response:
        """Answer a request for what doesn't exist."""
        return self._refuse(Refusal(404, "http.url.not.found", "URL not found"))

    def _answer_api(self, request: Request) -> Response:
        expected = f"Bearer {self.config.secret}".encode()
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
            return Response(401)
        try:
            return self._do(request)
        except Refusal as refusal:
            return self._refuse(refusal)

    def _do(self, request: Request) -> Response:
        found = API.fullmatch(request.path)
        bill_id = found["bill_id"] if found else ""
        if request.method == "PUT":
            return answer_json(self.write_bill(self._create(bill_id, request)))
        bill = self.book.get(bill_id)
        if request.method == "POST" and bill:
            try:
                bill = self.book.finish(bill_id, REJECTED)
            except NotWaiting as final:
                # Undocumented; whatever QIWI says here, it is no 200.
                raise Refusal(400, "invoicing.wrong.state", f"Invoice is {final.bill.status}") from None
        if bill is None:
            raise Refusal(404, "api.invoice.not.found", "Invoice not found")
        return answer_json(self.write_bill(bill))

    def _create(self, bill_id: str, request: Request) -> Bill:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Refusal(415, "http.media.type.not.supported", "Content type not supported")
        new = read_bill(bill_id, request.body, site_id=self.config.site_id, now=self.clock.now())
        bill, is_new = self.book.add(new)
        if not is_new and self.config.repeat_conflicts:
            raise Refusal(409, "api.invoice.already.exists", "Invoice already exists")
        return bill

    def _refuse_method(self, _request: Request) -> Response:
        return self._refuse(Refusal(405, "http.method.not.supported", "Method not supported"))

    def _refuse(self, refusal: Refusal) -> Response:
        return answer_json(write_error(refusal, now=self.clock.now()), refusal.status)


def sign(bill: Bill, secret: str) -> str:
    """Return the value of X-Api-Signature-SHA256 for a bill."""
    text = f"{bill.currency}|{bill.value}|{bill.bill_id}|{bill.site_id}|{bill.status}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
