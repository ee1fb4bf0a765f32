"""QIWI's notifications as they arrive at our door, good and bad."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from payments import api, services
from payments.models import Bill, BillEvent
from payments.providers import PROVIDERS
from payments.providers.qiwi.signature import SignedFields, sign

URL = "/api/v1/qiwi/callback/"
TAKEN = {"error": "0"}


@pytest.fixture
def bill(qiwi_emulator, db) -> Bill:
    made = services.create_bill(
        amount=Decimal("1250.00"), comment="", expires_at=timezone.now() + timedelta(hours=1)
    )
    return services.open_bill(bill_id=made.pk)


def make_body(
    bill_id: object, *, value: object = "1250.00", status: str = "PAID", changed: str = "1"
) -> dict:
    return {
        "bill": {
            "siteId": "9hh4jb-00",
            "billId": str(bill_id),
            "amount": {"value": value, "currency": "RUB"},
            "status": {"value": status, "changedDateTime": f"2026-11-2{changed}T15:25:18+03"},
            "customer": {"phone": "78710009999"},
        },
        "version": "1",
    }


def make_signature(body: dict, secret: str) -> str:
    bill = body["bill"]
    value = f"{Decimal(str(bill['amount']['value'])):.2f}"
    fields = SignedFields("RUB", value, bill["billId"], bill["siteId"], bill["status"]["value"])
    return sign(fields, secret)


def post(client: Client, body: object, signature: str | None = None, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if signature is not None:
        headers["HTTP_X_API_SIGNATURE_SHA256"] = signature
    return client.post(URL, raw, content_type="application/json", **headers)


def post_signed(client: Client, body: dict, settings):
    return post(client, body, make_signature(body, settings.QIWI_SECRET_KEY))


class TestGoodNotifications:
    def test_a_payment_is_taken_checked_and_applied(
        self, bill, client, settings, qiwi_emulator, eager_tasks, heard, django_capture_on_commit_callbacks
    ):
        qiwi_emulator.pay(bill.pk)

        with django_capture_on_commit_callbacks(execute=True):
            answer = post_signed(client, make_body(bill.pk), settings)

        assert (answer.status_code, answer.json()) == (200, TAKEN)
        assert answer["Content-Type"] == "application/json"
        assert Bill.objects.get().status == "paid"
        assert heard == [("waiting", "paid")]
        event = BillEvent.objects.get(source="webhook")
        assert (event.bill_id, event.result) == (bill.pk, "applied")
        assert "customer" not in event.payload

    def test_a_claim_is_no_payment(
        self, bill, client, settings, eager_tasks, heard, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            answer = post_signed(client, make_body(bill.pk), settings)

        assert answer.status_code == 200
        assert Bill.objects.get().status == "waiting"
        assert heard == []

    def test_a_repetition_is_answered_and_ignored(self, bill, client, settings):
        for _ in range(3):
            answer = post_signed(client, make_body(bill.pk), settings)
            assert (answer.status_code, answer.json()) == (200, TAKEN)

        assert BillEvent.objects.filter(source="webhook").count() == 1

    def test_an_older_notification_after_a_newer_is_harmless(
        self, bill, client, settings, qiwi_emulator, eager_tasks, heard, django_capture_on_commit_callbacks
    ):
        qiwi_emulator.pay(bill.pk)

        for status, changed in (("PAID", "2"), ("EXPIRED", "1"), ("WAITING", "0")):
            with django_capture_on_commit_callbacks(execute=True):
                body = make_body(bill.pk, status=status, changed=changed)
                assert post_signed(client, body, settings).status_code == 200

        assert Bill.objects.get().status == "paid"
        assert heard == [("waiting", "paid")]
        assert not BillEvent.objects.filter(processed_at=None).exists()

    def test_the_previous_key_still_signs(self, bill, client, settings):
        body = make_body(bill.pk)
        signature = make_signature(body, settings.QIWI_SECRET_KEY)
        settings.QIWI_SECRET_KEY, settings.QIWI_SECRET_KEY_PREVIOUS = "new", settings.QIWI_SECRET_KEY

        assert post(client, body, signature).status_code == 200

    @pytest.mark.parametrize("value", ["1250.00", "1250", 1250, 1250.0])
    def test_an_amount_may_be_text_or_number(self, bill, client, settings, value):
        assert post_signed(client, make_body(bill.pk, value=value), settings).status_code == 200

    @pytest.mark.parametrize(
        "bill_id", [uuid4(), "not-one-of-ours", uuid4().hex], ids=["uuid", "word", "hex"]
    )
    def test_an_unknown_bill_is_kept_and_alarmed_about(self, bill, client, settings, bill_id, caplog):
        answer = post_signed(client, make_body(bill_id), settings)

        assert (answer.status_code, answer.json()) == (200, TAKEN)
        event = BillEvent.objects.get(source="webhook")
        assert (event.bill, event.external_id, event.result) == (None, str(bill_id), "unknown_bill")
        assert "a bill we never made" in caplog.text

    def test_no_session_is_made_and_no_token_asked_for(self, bill, settings):
        strict = Client(enforce_csrf_checks=True)

        assert post_signed(strict, make_body(bill.pk), settings).status_code == 200
        assert not strict.cookies


class TestBadNotifications:
    @pytest.mark.parametrize("signature", [None, "", "0" * 64, "é", "\x00"])
    def test_a_forged_one_is_refused_and_nothing_kept(self, bill, client, signature):
        answer = post(client, make_body(bill.pk), signature)

        assert (answer.status_code, answer.json()["code"]) == (403, "forged")
        assert not BillEvent.objects.filter(source="webhook").exists()
        assert Bill.objects.get().status == "waiting"

    def test_a_changed_amount_is_forged(self, bill, client, settings):
        signature = make_signature(make_body(bill.pk), settings.QIWI_SECRET_KEY)

        assert post(client, make_body(bill.pk, value="1.00"), signature).status_code == 403

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"null",
            b"[]",
            b"{",
            b"bill=1",
            b"\xff\xfe\x00",
            b"\x00" * 100,
            b"[" * 60_000,
            b'{"a":' * 12_000,
            b'{"bill":{"amount":{"value":Infinity}}}',
            (
                b'{"bill":{"siteId":"a","billId":"b","amount":{"currency":"RUB","value":1e999999999},'
                b'"status":{"value":"PAID"}}}'
            ),
            b'{"bill":{"siteId":"a","billId":"b","amount":{"currency":"RUB","value":' + b"9" * 50_000 + b"},"
            b'"status":{"value":"PAID"}}}',
            (
                b'{"bill":{"siteId":"a","billId":"b\\u0000","amount":{"currency":"RUB","value":1},'
                b'"status":{"value":"PAID"}}}'
            ),
            b'{"bill":{"siteId":["a"],"billId":{},"amount":[],"status":1}}',
        ],
    )
    def test_a_malformed_one_is_refused_and_nothing_kept(self, bill, client, raw):
        answer = post(client, raw, "0" * 64)

        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert not BillEvent.objects.filter(source="webhook").exists()

    def test_a_signed_one_with_nul_bytes_is_refused(self, bill, client, settings):
        body = make_body(bill.pk)
        body["bill"]["comment"] = "a\x00b"

        assert post_signed(client, body, settings).status_code == 400

    def test_a_huge_one_is_refused_unread(self, bill, client, settings):
        body = make_body(bill.pk) | {"padding": "x" * api.MAX_BODY}

        answer = post_signed(client, body, settings)

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_only_post_is_taken(self, bill, client, method):
        assert getattr(client, method)(URL).status_code == 405

    def test_a_provider_whose_folder_is_gone_has_no_address(self, bill, client, settings, monkeypatch):
        monkeypatch.delitem(PROVIDERS, "qiwi")

        answer = post_signed(client, make_body(bill.pk), settings)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert not BillEvent.objects.filter(source="webhook").exists()

    def test_without_a_database_qiwi_is_asked_to_repeat(self, bill, client, settings, monkeypatch, caplog):
        def fail(**_kwargs):
            raise OperationalError

        monkeypatch.setattr(services, "store_notification", fail)

        answer = post_signed(client, make_body(bill.pk), settings)

        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_change(qiwi_emulator, settings, eager_tasks, heard):
    made = services.create_bill(
        amount=Decimal("1250.00"), comment="", expires_at=timezone.now() + timedelta(hours=1)
    )
    services.open_bill(bill_id=made.pk)
    qiwi_emulator.pay(made.pk)
    heard.clear()
    body = make_body(made.pk)

    def send(_number: int) -> int:
        try:
            return post_signed(Client(), body, settings).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(20)))

    assert answers == [200] * 20
    assert BillEvent.objects.filter(source="webhook").count() == 1
    assert Bill.objects.get().status == "paid"
    assert heard == [("waiting", "paid")]


@pytest.mark.django_db(transaction=True)
def test_payment_and_rejection_at_once_never_lose_the_money(qiwi_emulator, settings, eager_tasks, heard):
    bills = []
    for _ in range(5):
        made = services.create_bill(
            amount=Decimal("10.00"), comment="", expires_at=timezone.now() + timedelta(hours=1)
        )
        bills.append(services.open_bill(bill_id=made.pk))

    def run(job) -> None:
        try:
            job()
        finally:
            connections.close_all()

    jobs = []
    for bill in bills:
        jobs += [
            lambda bill=bill: qiwi_emulator.pay(bill.pk) and services.sync_bill(bill_id=bill.pk),
            lambda bill=bill: services.reject_bill(bill_id=bill.pk),
        ]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, jobs))

    for bill in bills:
        remote = qiwi_emulator.get(bill.pk).status
        assert Bill.objects.get(pk=bill.pk).status == remote.lower()
