"""An emulated shop at YooKassa."""

import base64
import hmac
import json
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from payments.emulator.app import Answer, Emulator
from payments.emulator.bills import HELD, PAID, REJECTED, WAITING, Bill, NotWaiting
from payments.emulator.config import Config
from payments.emulator.mischief import Mischief
from payments.emulator.web import Request, Response, answer_json
from payments.emulator.webhooks import Letter
from payments.emulator.yookassa.keys import Keys
from payments.emulator.yookassa.protocol import (
    EVENTS,
    read_amount,
    read_json,
    read_payment,
    write_date,
    write_error,
    write_payment,
)
from payments.emulator.yookassa.receipts import check_receipt, check_settlement, register
from payments.emulator.yookassa.refusals import Refusal

ID = r"(?P<id>[A-Za-z0-9-]{1,64})"
MAX_PAGE = 100
OK = 200


class YooKassaEmulator(Emulator):
    """YooKassa's payments, refunds and receipts, API v3."""

    brand: ClassVar[str] = "ЮKassa"

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._keys = Keys(self.clock)
        self._operations: tuple[tuple[str, str, re.Pattern[str], Answer], ...] = (
            ("create", "POST", re.compile(r"/v3/payments"), self._create),
            ("list", "GET", re.compile(r"/v3/payments"), self._list_payments),
            ("fetch", "GET", re.compile(rf"/v3/payments/{ID}"), self._fetch),
            ("capture", "POST", re.compile(rf"/v3/payments/{ID}/capture"), self._capture),
            ("reject", "POST", re.compile(rf"/v3/payments/{ID}/cancel"), self._cancel),
            ("refund", "POST", re.compile(r"/v3/refunds"), self._refund),
            ("list", "GET", re.compile(r"/v3/refunds"), self._list_refunds),
            ("fetch_refund", "GET", re.compile(rf"/v3/refunds/{ID}"), self._fetch_refund),
            ("settle", "POST", re.compile(r"/v3/receipts"), self._settle),
            ("list", "GET", re.compile(r"/v3/receipts"), self._list_receipts),
            ("fetch_receipt", "GET", re.compile(rf"/v3/receipts/{ID}"), self._fetch_receipt),
        )

    def find_operation(self, request: Request) -> tuple[str, Answer] | None:
        """Find what is asked for."""
        for name, method, path, answer in self._operations:
            if request.method == method and path.fullmatch(request.path):
                return name, self._check_then(answer)
        return None

    def write_bill(self, bill: Bill) -> dict[str, Any]:
        """Write a payment as the API answers it."""
        return write_payment(bill, pay_url=self.write_pay_url(bill))

    def write_letter(self, bill: Bill, mischief: Mischief | None = None) -> Letter | None:
        """Write an unsigned notification; forged: it claims a payment nobody made."""
        if mischief:
            bill = replace(
                bill,
                value=mischief.pick("wrong_amount", bill.value, "1.00"),
                currency=mischief.pick("wrong_currency", bill.currency, "USD"),
                site_id=mischief.pick("wrong_site", bill.site_id, "100500"),
                bill_id=mischief.pick("forged", bill.bill_id, str(uuid4())),
            )
        if bill.status == WAITING:
            return None
        message = {
            "type": "notification",
            "event": f"payment.{EVENTS[bill.status]}",
            "object": self.write_bill(bill),
        }
        return Letter(bill.bill_id, bill.status, json.dumps(message, ensure_ascii=False), {})

    def is_taken(self, status: int, body: bytes) -> bool:
        """Any 200 counts."""
        return status == OK

    def refuse_path(self, request: Request) -> Response:
        """Answer a request for what doesn't exist."""
        return answer_json(write_error(Refusal(404, "not_found", "No such method")), 405)

    def reset(self) -> None:
        """Forget the keys, too."""
        super().reset()
        self._keys.clear()

    def _check_then(self, answer: Answer) -> Answer:
        """Let only the shop in; a change is made once for each key."""
        pair = f"{self.config.site_id}:{self.config.secret}".encode()
        expected = b"Basic " + base64.b64encode(pair)

        def checked(request: Request) -> Response:
            if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
                return answer_json(
                    write_error(Refusal(401, "invalid_credentials", "Wrong shopId or key")), 401
                )
            try:
                if request.method == "POST":
                    return self._keys.do_once(request, lambda: answer(request))
                return answer(request)
            except Refusal as refusal:
                return answer_json(write_error(refusal), refusal.status)

        return checked

    def _create(self, request: Request) -> Response:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Refusal(415, "invalid_request", "Content type not supported")
        new = read_payment(request.body, shop_id=self.config.site_id, now=self.clock.now())
        bill, _is_new = self.book.add(new)
        return answer_json(self.write_bill(bill))

    def _fetch(self, request: Request) -> Response:
        return answer_json(self.write_bill(self._find(request)))

    def _list_payments(self, request: Request) -> Response:
        since = _read_date(request.query.get("created_at.gte"))
        bills = [bill for bill in self.book.list_all() if since is None or bill.created >= since]
        payments = [self.write_bill(bill) for bill in bills]
        wanted = {None, request.query.get("status")}
        found = [payment for payment in payments if wanted == {None} or payment["status"] in wanted]
        return _answer_page(found, request)

    def _capture(self, request: Request) -> Response:
        return self._change_held(request, PAID)

    def _cancel(self, request: Request) -> Response:
        return self._change_held(request, REJECTED, reason="canceled_by_merchant")

    def _change_held(self, request: Request, status: str, *, reason: str = "") -> Response:
        """Take or give back money that is held; a payment in any other state is left as it is."""
        bill = self._find(request)
        try:
            changed = self.book.finish(bill.bill_id, status, since=HELD, reason=reason)
        except NotWaiting:
            raise Refusal(400, "invalid_request", "Payment is not waiting for capture") from None
        return answer_json(self.write_bill(changed or bill))

    def _refund(self, request: Request) -> Response:
        data = read_json(request.body)
        value = read_amount(data)
        bill = self.book.get(str(data.get("payment_id")))
        if bill is None:
            raise Refusal(404, "not_found", "No such payment", "payment_id")
        left = Decimal(bill.value) - sum(
            (Decimal(item["amount"]["value"]) for item in bill.refunds), Decimal()
        )
        if bill.status != PAID or Decimal(value) > left:
            raise Refusal.about("amount.value")
        if data.get("receipt"):
            check_receipt(data["receipt"], value)
        refund = {
            "id": str(uuid4()),
            "payment_id": bill.bill_id,
            "status": "succeeded",
            "amount": {"value": value, "currency": bill.currency},
            "description": str(data.get("description") or ""),
            "created_at": write_date(self.clock.now()),
        }
        self.book.amend(bill.bill_id, lambda known: replace(known, refunds=[*known.refunds, refund]))
        self._tell_of_refund(refund)
        return answer_json(refund)

    def _tell_of_refund(self, refund: dict[str, Any]) -> None:
        message = {"type": "notification", "event": "refund.succeeded", "object": refund}
        letter = Letter(refund["payment_id"], "REFUND", json.dumps(message, ensure_ascii=False), {})
        self.postman.post(letter, self.mischiefs.take())

    def _list_refunds(self, request: Request) -> Response:
        wanted = request.query.get("payment_id")
        bills = [bill for bill in self.book.list_all() if wanted in {None, bill.bill_id}]
        return _answer_page([refund for bill in bills for refund in bill.refunds], request)

    def _fetch_refund(self, request: Request) -> Response:
        refund_id = request.path.rpartition("/")[2]
        for bill in self.book.list_all():
            for refund in bill.refunds:
                if refund["id"] == refund_id:
                    return answer_json(refund)
        raise Refusal(404, "not_found", "No such refund")

    def _settle(self, request: Request) -> Response:
        data = read_json(request.body)
        bill = self.book.get(str(data.get("payment_id")))
        if bill is None:
            raise Refusal(404, "not_found", "No such payment", "payment_id")
        if bill.status != PAID:
            raise Refusal.about("payment_id")
        receipt = {
            "id": f"rt-{uuid4()}",
            "type": check_settlement(data),
            "payment_id": bill.bill_id,
            "status": "pending",
            "settlements": data["settlements"],
        }
        self.book.amend(bill.bill_id, lambda known: replace(known, receipts=[*known.receipts, receipt]))
        return answer_json(receipt)

    def _list_receipts(self, request: Request) -> Response:
        wanted = request.query.get("payment_id")
        bills = [bill for bill in self.book.list_all() if wanted in {None, bill.bill_id}]
        return _answer_page([register(receipt) for bill in bills for receipt in bill.receipts], request)

    def _fetch_receipt(self, request: Request) -> Response:
        receipt_id = request.path.rpartition("/")[2]
        for bill in self.book.list_all():
            for receipt in bill.receipts:
                if receipt["id"] == receipt_id:
                    return answer_json(register(receipt))
        raise Refusal(404, "not_found", "No such receipt")

    def _find(self, request: Request) -> Bill:
        bill = self.book.get(request.path.split("/")[3])
        if bill is None:
            raise Refusal(404, "not_found", "No such payment")
        return bill


def _answer_page(items: list[dict[str, Any]], request: Request) -> Response:
    """Answer one page of a list; `next_cursor` is there where there is more."""
    start, limit = int(request.query.get("cursor", "0")), int(request.query.get("limit", "10"))
    page = items[start : start + min(limit, MAX_PAGE)]
    answer: dict[str, Any] = {"type": "list", "items": page}
    if start + len(page) < len(items):
        answer["next_cursor"] = str(start + len(page))
    return answer_json(answer)


def _read_date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refusal.about("created_at.gte") from None
