"""QIWI's signature: the official vector, worked examples, hostile headers."""

import json
from decimal import Decimal

import pytest

from payments.emulator.bills import Bill as EmulatedBill
from payments.emulator.clock import Clock
from payments.emulator.qiwi.app import sign as sign_as_emulator
from payments.providers.base import MalformedMessage, SignatureInvalid
from payments.providers.qiwi.client import QiwiClient
from payments.providers.qiwi.provider import QiwiProvider
from payments.providers.qiwi.signature import HEADER, SignedFields, sign, verify

OFFICIAL_KEY = "test-merchant-secret-for-signature-check"
OFFICIAL_SIGNATURE = "07e0ebb10916d97760c196034105d010607a6c6b7d72bfa1c3451448ac484a3b"
BILL_ID = "0b9d6f4e-5a53-4b0f-9a44-6d2f3b1c7e11"


def official(value: str = "1.00") -> SignedFields:
    return SignedFields(currency="RUB", value=value, bill_id="test_bill", site_id="test", status="PAID")


def read(body: object, header: str | None, *secrets: str):
    provider = QiwiProvider(client=QiwiClient(base_url="", secret=""), secrets=secrets or (OFFICIAL_KEY,))
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return provider.read_webhook({} if header is None else {HEADER: header}, raw)


def official_body(value: object = "1.00") -> dict:
    return {
        "bill": {
            "siteId": "test",
            "billId": "test_bill",
            "amount": {"value": value, "currency": "RUB"},
            "status": {"value": "PAID"},
        },
        "version": "3",
    }


def test_signs_as_qiwis_documents_do():
    assert sign(official(), OFFICIAL_KEY) == OFFICIAL_SIGNATURE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1250.00", "302d09252f33de30ebf914380c4190b2ae101487d8750bd368fb3e8cce28d6c4"),
        ("1250.0", "b91e2f0830f5d7db165e7a78eacb1cbf52a1e86ed7425ca3c0547250680f1ed3"),
    ],
)
def test_signs_the_worked_examples(value, expected):
    fields = SignedFields(currency="RUB", value=value, bill_id=BILL_ID, site_id="9hh4jb-00", status="PAID")

    assert sign(fields, "demo-secret") == expected


def test_the_emulator_signs_the_same_without_sharing_code():
    now = Clock().now()
    bill = EmulatedBill("test_bill", "test", "RUB", "1.00", created=now, expires=now, status="PAID")

    assert sign_as_emulator(bill, OFFICIAL_KEY) == OFFICIAL_SIGNATURE


@pytest.mark.parametrize("value", ["1", "1.0", "1.00", 1, 1.0])
def test_accepts_the_official_vector_however_the_amount_is_written(value):
    assert read(official_body(value), OFFICIAL_SIGNATURE).external_id == "test_bill"


def test_accepts_the_amount_signed_as_it_came():
    assert verify(official("1"), sign(official("1"), OFFICIAL_KEY), [OFFICIAL_KEY])


def test_accepts_the_previous_key_and_an_upper_case_header():
    hint = read(official_body(), OFFICIAL_SIGNATURE.upper(), "new-key", OFFICIAL_KEY)

    assert hint.authenticated


def test_an_empty_previous_key_signs_nothing():
    with pytest.raises(SignatureInvalid):
        read(official_body(), sign(official(), ""), OFFICIAL_KEY, "")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "é" * 64,
        "\x00",
        "\udcff",
        OFFICIAL_SIGNATURE[:-1],
        OFFICIAL_SIGNATURE[:-1] + "c",
        OFFICIAL_SIGNATURE * 2,
        "a" * 100_000,
    ],
)
def test_refuses_a_header_that_does_not_sign(header):
    with pytest.raises(SignatureInvalid):
        read(official_body(), header)


@pytest.mark.parametrize("value", ["1.01", "2", "0.00"])
def test_refuses_another_amount(value):
    with pytest.raises(SignatureInvalid):
        read(official_body(value), OFFICIAL_SIGNATURE)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"bill"',
        b"{",
        b"\xff\xfe",
        b'{"bill": null}',
        b'{"bill": []}',
        b'{"bill": {}}',
        b"[" * 60_000,
        b'{"a":' * 20_000,
        b'{"bill": Infinity}',
        b'{"bill": NaN}',
        b'{"bill": ' + b"9" * 60_000 + b"}",
    ],
)
def test_calls_a_body_that_is_no_notification_malformed(raw):
    with pytest.raises(MalformedMessage):
        read(raw, OFFICIAL_SIGNATURE)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc",
        "-1.00",
        "1e9",
        "1E+999999999",
        "NaN",
        "Infinity",
        "١",
        "1,00",
        " 1.00",
        "1.001",
        "9" * 13,
        None,
        [],
        {},
        True,
    ],
)
def test_calls_an_amount_that_is_none_malformed(value):
    with pytest.raises(MalformedMessage):
        read(official_body(value), OFFICIAL_SIGNATURE)


@pytest.mark.parametrize("exponent", [b"1e999999999", b"1e400", b"-1"])
def test_calls_a_number_that_is_no_amount_malformed(exponent):
    raw = json.dumps(official_body("AMOUNT")).encode().replace(b'"AMOUNT"', exponent)

    with pytest.raises(MalformedMessage):
        read(raw, OFFICIAL_SIGNATURE)


@pytest.mark.parametrize("bill_id", [None, 17, [], {}, "", "a b", "a\x00b", "a|b", "\ud800", "ы", "x" * 201])
def test_calls_a_bill_id_that_is_none_malformed(bill_id):
    body = official_body()
    body["bill"]["billId"] = bill_id

    with pytest.raises(MalformedMessage):
        read(body, OFFICIAL_SIGNATURE)


@pytest.mark.parametrize("comment", ["a\x00b", "\ud800"])
def test_refuses_even_signed_text_that_no_database_can_keep(comment):
    body = official_body()
    body["bill"]["comment"] = comment

    with pytest.raises(MalformedMessage):
        read(body, OFFICIAL_SIGNATURE)


def test_keeps_nothing_of_the_customer_and_ignores_unknown_fields():
    body = official_body()
    body["bill"] |= {
        "customer": {"phone": "78710009999"},
        "customFields": {"a": "b"},
        "recipientPhoneNumber": "7",
    }

    assert set(read(body, OFFICIAL_SIGNATURE).payload) == {"siteId", "billId", "amount", "status"}


def test_reads_the_amount_exactly():
    body = official_body(1.0)

    assert read(body, OFFICIAL_SIGNATURE).payload["amount"]["value"] == Decimal("1.0")


def test_two_tellings_of_one_change_have_one_fingerprint():
    first = read(official_body(), OFFICIAL_SIGNATURE)
    again = read(json.dumps(official_body(), indent=2).encode(), OFFICIAL_SIGNATURE.upper())

    assert first.dedupe_key == again.dedupe_key
