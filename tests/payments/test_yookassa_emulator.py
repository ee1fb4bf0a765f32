"""The emulated YooKassa against YooKassa's documents, without our client in between."""

import json
from uuid import uuid4

import pytest
import requests

from tests.fixtures.payments import YOOKASSA_SECRET

GOOD = {
    "amount": {"value": "1250.00", "currency": "RUB"},
    "capture": True,
    "confirmation": {"type": "redirect", "return_url": "https://shop.example/"},
    "description": "Заказ A-1001",
    "metadata": {"order_id": "A-1001"},
}
LINE = {
    "description": "Малина",
    "quantity": 5,
    "amount": {"value": "250.00", "currency": "RUB"},
    "vat_code": 3,
    "payment_subject": "commodity",
    "payment_mode": "full_prepayment",
    "measure": "piece",
}
RECEIPT = {"customer": {"email": "buyer@example.com"}, "items": [LINE]}


@pytest.fixture
def api(yookassa_emulator):
    def ask(method: str, path: str, body: object = None, key: str | None = None, **options):
        options.setdefault("auth", (yookassa_emulator.site_id, YOOKASSA_SECRET))
        headers = {"Idempotence-Key": key or str(uuid4())} if method == "POST" else {}
        return requests.request(
            method, f"{yookassa_emulator.url}/v3{path}", json=body, headers=headers, timeout=5, **options
        )

    return ask


def test_a_payment_looks_as_documented(api):
    payment = api("POST", "/payments", GOOD).json()

    assert payment["status"] == "pending"
    assert payment["paid"] is False
    assert payment["confirmation"]["confirmation_url"].startswith("http")
    assert payment["created_at"].endswith("Z")
    assert payment["metadata"] == {"order_id": "A-1001"}
    assert api("GET", f"/payments/{payment['id']}").json() == payment


def test_a_paid_one_has_no_confirmation_and_can_be_refunded_in_parts(api, yookassa_emulator):
    number = api("POST", "/payments", GOOD).json()["id"]
    yookassa_emulator.pay(number)

    paid = api("GET", f"/payments/{number}").json()
    assert (paid["status"], paid["paid"], paid["refundable"]) == ("succeeded", True, True)
    assert "confirmation" not in paid
    part = {"payment_id": number, "amount": {"value": "1000.00", "currency": "RUB"}}
    refund = api("POST", "/refunds", part).json()
    assert refund["status"] == "succeeded"
    assert api("POST", "/refunds", part).status_code == 400
    assert api("GET", f"/refunds/{refund['id']}").json() == refund
    assert api("GET", f"/refunds?payment_id={number}").json()["items"] == [refund]
    assert api("GET", f"/payments/{number}").json()["refunded_amount"]["value"] == "1000.00"


def test_held_money_is_captured_or_let_go(api, yookassa_emulator):
    held = []
    for _ in range(2):
        number = api("POST", "/payments", GOOD | {"capture": False}).json()["id"]
        assert api("POST", f"/payments/{number}/cancel", {}).status_code == 400
        yookassa_emulator.pay(number)
        assert api("GET", f"/payments/{number}").json()["status"] == "waiting_for_capture"
        held.append(number)

    assert api("POST", f"/payments/{held[0]}/capture", {}).json()["status"] == "succeeded"
    canceled = api("POST", f"/payments/{held[1]}/cancel", {}).json()
    assert canceled["cancellation_details"] == {"party": "merchant", "reason": "canceled_by_merchant"}
    assert api("POST", f"/payments/{held[0]}/cancel", {}).status_code == 400


def test_after_an_hour_nobody_can_pay(api, yookassa_emulator):
    number = api("POST", "/payments", GOOD).json()["id"]
    yookassa_emulator.move_clock(seconds=3601)

    expired = api("GET", f"/payments/{number}").json()
    assert (expired["status"], expired["cancellation_details"]["reason"]) == (
        "canceled",
        "expired_on_confirmation",
    )


def test_a_key_is_remembered_for_a_day(api, yookassa_emulator):
    first = api("POST", "/payments", GOOD, key="k-1").json()
    assert api("POST", "/payments", GOOD, key="k-1").json() == first
    other = api("POST", "/payments", GOOD | {"description": "other"}, key="k-1")
    assert (other.status_code, other.json()["parameter"]) == (400, "Idempotence-Key")

    yookassa_emulator.move_clock(seconds=24 * 3600 + 1)
    assert api("POST", "/payments", GOOD, key="k-1").json()["id"] != first["id"]


def test_strangers_and_changes_without_a_key_are_refused(api, yookassa_emulator):
    assert api("GET", "/payments", auth=("506751", "wrong")).status_code == 401
    url = f"{yookassa_emulator.url}/v3/payments"
    keyless = requests.post(url, json=GOOD, auth=(yookassa_emulator.site_id, YOOKASSA_SECRET), timeout=5)
    assert keyless.status_code == 400
    assert api("GET", "/payments/unknown").json()["code"] == "not_found"
    assert api("DELETE", "/payments").status_code == 405


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"amount": {"value": "1", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": 1250, "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "0.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "1.00", "currency": "XXX"}}, "amount.currency"),
        ({"amount": None}, "amount"),
        ({"confirmation": None}, "confirmation.type"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"description": "x" * 129}, "description"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"receipt": {"items": [LINE]}}, "receipt.customer.email"),
        ({"receipt": RECEIPT | {"items": []}}, "receipt.items"),
        ({"receipt": RECEIPT | {"items": [LINE | {"quantity": 4}]}}, "receipt.items.amount"),
        ({"receipt": RECEIPT | {"items": [LINE | {"quantity": "5"}]}}, "receipt.items.quantity"),
        ({"receipt": RECEIPT | {"items": [LINE | {"vat_code": 13}]}}, "receipt.items.vat_code"),
        ({"receipt": RECEIPT | {"items": [LINE | {"payment_mode": "credit"}]}}, "receipt.items.payment_mode"),
        ({"receipt": RECEIPT | {"items": [LINE | {"measure": None}]}}, "receipt.items.measure"),
        ({"receipt": RECEIPT | {"items": [LINE | {"description": ""}]}}, "receipt.items.description"),
    ],
)
def test_what_is_wrong_is_named(api, change, parameter):
    answer = api("POST", "/payments", GOOD | change)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def test_a_receipt_that_adds_up_is_taken(api):
    assert api("POST", "/payments", GOOD | {"receipt": RECEIPT}).json()["receipt_registration"] == "pending"


def test_its_pay_page_is_its_own(api, yookassa_emulator):
    payment = api("POST", "/payments", GOOD).json()
    page = requests.get(payment["confirmation"]["confirmation_url"], timeout=5).text

    assert "ЮKassa" in page
    assert "Referer" not in page
    assert "https://shop.example/" in page


def test_bodies_that_are_none_are_refused(api, yookassa_emulator):
    url = f"{yookassa_emulator.url}/v3/payments"
    for raw in (b"", b"[]", b"{", b"\xff"):
        answer = requests.post(
            url,
            data=raw,
            auth=(yookassa_emulator.site_id, YOOKASSA_SECRET),
            headers={"Idempotence-Key": str(uuid4()), "Content-Type": "application/json"},
            timeout=5,
        )
        assert answer.status_code == 400, json.dumps(answer.json())
