"""The client and the provider against a server that misbehaves in every known way, over real sockets."""

import logging
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.money import Money
from payments.providers import get_provider
from payments.providers.base import (
    AlreadyFinal,
    AuthFailed,
    BillRef,
    BillRequest,
    NotFound,
    OutcomeUnknown,
    ProviderUnavailable,
    RemoteStatus,
    RequestRejected,
    Unsupported,
)
from payments.providers.qiwi.client import QiwiClient
from payments.providers.qiwi.messages import read_bill
from payments.providers.qiwi.provider import build_body
from payments.providers.wire import parse_date


@pytest.fixture
def provider(qiwi_emulator):
    return get_provider("qiwi")


def make_request(**changes) -> BillRequest:
    values = {
        "bill_id": uuid4(),
        "money": Money(Decimal("1250.5")),
        "comment": "Заказ 17",
        "expires_at": datetime.now(UTC) + timedelta(hours=1),
        "return_url": "https://shop.example/pay/1/?a=b",
    }
    return BillRequest(**(values | changes))


def operations(emulator) -> list[str]:
    return [item["operation"] for item in emulator.requests]


def test_a_bill_is_made_read_and_rejected(provider, qiwi_emulator):
    request = make_request()

    made = provider.create(request)
    read = provider.fetch(BillRef(request.bill_id))
    rejected = provider.reject(BillRef(request.bill_id))

    assert made == read
    assert (made.external_id, made.account) == (str(request.bill_id), qiwi_emulator.site_id)
    assert (made.amount, made.currency, made.status) == (Decimal("1250.50"), "RUB", RemoteStatus.WAITING)
    assert made.pay_url.startswith(qiwi_emulator.url)
    assert made.expires_at == request.expires_at.replace(microsecond=0)
    assert rejected.status == RemoteStatus.REJECTED


def test_nothing_about_the_payer_is_sent(provider, qiwi_emulator):
    provider.create(make_request())

    body = qiwi_emulator.requests[0]["body"]
    assert '"value":"1250.50"' in body
    assert "customer" not in body


def test_the_same_request_has_the_same_bytes():
    request = make_request()

    assert build_body(request) == build_body(request)


def test_the_pay_link_leads_back(provider):
    link = provider.build_pay_link(
        pay_url="https://qiwi.example/form?invoiceUid=1&successUrl=https%3A%2F%2Fevil.example",
        return_url="https://shop.example/pay/1/?a=b",
    )

    assert link == (
        "https://qiwi.example/form?invoiceUid=1&successUrl=https%3A%2F%2Fshop.example%2Fpay%2F1%2F%3Fa%3Db"
    )
    assert (
        provider.build_pay_link(pay_url="https://qiwi.example/?a=1", return_url="")
        == "https://qiwi.example/?a=1"
    )


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_passing_faults_are_sat_out(provider, qiwi_emulator, status):
    qiwi_emulator.fail("create", status=status, times=2)

    assert provider.create(make_request()).status == RemoteStatus.WAITING
    assert operations(qiwi_emulator) == ["create"] * 3


def test_a_lost_answer_makes_no_second_bill(provider, qiwi_emulator):
    qiwi_emulator.fail("create", "drop_after")
    request = make_request()

    assert provider.create(request).external_id == str(request.bill_id)
    assert len(qiwi_emulator.emulator.book.list_all()) == 1


@pytest.mark.parametrize("action", ["drop_before", "drop_after", "status", "truncate", "html", "empty"])
def test_a_write_in_doubt_says_so(provider, qiwi_emulator, action):
    qiwi_emulator.fail("create", action, times=None, status=500)

    with pytest.raises(OutcomeUnknown):
        provider.create(make_request())


@pytest.mark.parametrize("action", ["drop_before", "drop_after", "status", "truncate", "html", "empty"])
def test_a_failed_read_is_only_unavailable(provider, qiwi_emulator, action):
    request = make_request()
    provider.create(request)
    qiwi_emulator.fail("fetch", action, times=None)

    with pytest.raises(ProviderUnavailable):
        provider.fetch(BillRef(request.bill_id))


def test_a_refused_connection_surely_changed_nothing():
    closed = QiwiClient(base_url="http://127.0.0.1:1", secret="x")

    with pytest.raises(ProviderUnavailable):
        closed.put_bill("a", b"{}")


def test_limits_and_refusals_have_their_names(provider, qiwi_emulator, settings):
    qiwi_emulator.fail("create", status=429, times=None)
    with pytest.raises(ProviderUnavailable):
        provider.create(make_request())
    qiwi_emulator.heal()

    with pytest.raises(NotFound):
        provider.fetch(BillRef(uuid4()))
    with pytest.raises(RequestRejected) as refused:
        provider.create(make_request(money=Money(Decimal(0))))
    assert refused.value.code == "validation.error"

    settings.QIWI_SECRET_KEY = "wrong"
    with pytest.raises(AuthFailed):
        get_provider("qiwi").fetch(BillRef(uuid4()))


def test_somebody_elses_404_proves_nothing_about_the_bill(provider, qiwi_emulator):
    qiwi_emulator.fail("fetch", status=404)

    with pytest.raises(RequestRejected):
        provider.fetch(BillRef(uuid4()))


def test_a_taken_id_is_adopted(provider, qiwi_emulator):
    qiwi_emulator.emulator.config.repeat_conflicts = True
    try:
        request = make_request()
        assert provider.create(request) == provider.create(request)
    finally:
        qiwi_emulator.emulator.config.repeat_conflicts = False


def test_rejecting_too_late_tells_how_the_bill_stands(provider, qiwi_emulator):
    request = make_request()
    provider.create(request)
    qiwi_emulator.pay(request.bill_id)

    with pytest.raises(AlreadyFinal) as final:
        provider.reject(BillRef(request.bill_id))

    assert final.value.remote.status == RemoteStatus.PAID


def test_a_lost_answer_to_a_rejection_is_looked_up(provider, qiwi_emulator):
    request = make_request()
    provider.create(request)
    qiwi_emulator.fail("reject", "drop_after", times=None)

    with pytest.raises(AlreadyFinal) as final:
        provider.reject(BillRef(request.bill_id))

    assert final.value.remote.status == RemoteStatus.REJECTED


def test_a_slow_server_does_not_outlast_the_deadline(provider, qiwi_emulator):
    qiwi_emulator.fail("fetch", "slow", seconds=1.0, times=None)
    started = time.monotonic()

    with pytest.raises(ProviderUnavailable):
        provider.fetch(BillRef(uuid4()), timeout=0.3)

    assert time.monotonic() - started < 0.9


def test_a_dripping_server_does_not_outlast_the_deadline():
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(30):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return
                time.sleep(0.1)

    thread = threading.Thread(target=drip)
    thread.start()
    started = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        QiwiClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", secret="x").get_bill(
            "a", timeout=0.4
        )
    assert time.monotonic() - started < 1.5
    thread.join()
    listener.close()


def test_redirects_are_not_followed(provider, qiwi_emulator):
    qiwi_emulator.fail("create", status=302, times=None)

    with pytest.raises(OutcomeUnknown):
        provider.create(make_request())

    assert set(operations(qiwi_emulator)) == {"create"}


def test_no_netrc_takes_the_place_of_the_secret(provider, qiwi_emulator, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))

    assert provider.create(make_request()).status == RemoteStatus.WAITING


def test_secrets_and_pay_links_are_never_logged(provider, qiwi_emulator, caplog):
    caplog.set_level(logging.DEBUG, logger="payments")
    caplog.set_level(logging.DEBUG, logger="urllib3")
    qiwi_emulator.fail("create", "drop_before")
    request = make_request()
    provider.create(request)
    qiwi_emulator.fail("fetch", times=None)
    with pytest.raises(ProviderUnavailable):
        provider.fetch(BillRef(request.bill_id))

    assert "did not answer" in caplog.text
    for secret in (qiwi_emulator.secret, "invoice_uid", "Bearer", "Заказ 17"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-01-18T14:22:56.672+03:00", datetime(2021, 1, 18, 11, 22, 56, 672_000, tzinfo=UTC)),
        ("2021-01-18T14:22:17.65+03:00", datetime(2021, 1, 18, 11, 22, 17, 650_000, tzinfo=UTC)),
        ("2021-01-18T15:25:18+03", datetime(2021, 1, 18, 12, 25, 18, tzinfo=UTC)),
        ("2021-01-18T15:25:18", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (17, None),
        (None, None),
    ],
)
def test_reads_each_shape_of_dates(text, expected):
    assert parse_date(text) == expected


def test_a_strange_status_is_unknown_and_a_strange_link_is_none():
    remote = read_bill(
        {
            "siteId": "a",
            "billId": "b",
            "amount": {"value": Decimal(1), "currency": "RUB"},
            "status": {"value": "PARTIAL"},
            "payUrl": "javascript:alert(1)",
        }
    )

    assert (remote.status, remote.pay_url) == (RemoteStatus.UNKNOWN, "")


def test_no_other_provider_is_known():
    with pytest.raises(Unsupported):
        get_provider("os")
