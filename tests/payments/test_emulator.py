"""The emulator against QIWI's documents: bodies to the letter, over real sockets."""

import json
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import UUID

import pytest
import requests

from payments.emulator.config import parse_arguments
from payments.emulator.pay_page import accept_success_url
from payments.emulator.server import run_in_thread
from tests.faults.engines import wait_until

ROOT = Path(__file__).resolve().parents[2]
BILL_ID = "cc961e8d-d4d6-4f02-b737-2297e51fb48e"
# The documents' own example, but for a date that is still to come.
DOCUMENTED = {
    "amount": {"currency": "RUB", "value": "1.00"},
    "comment": "Text comment",
    "expirationDateTime": "2027-01-01T09:02:00+03:00",
    "customer": {"phone": "78710009999", "email": "test@example.com", "account": "454678"},
    "customFields": {"paySourcesFilter": "qw", "themeCode": "Yvan-YKaSh", "yourParam1": "64728940"},
}
ISO_MILLISECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00"


@pytest.fixture
def qiwi(qiwi_emulator):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {qiwi_emulator.secret}"
    base = f"{qiwi_emulator.url}/partner/bill/v1/bills/"

    def call(method, path=BILL_ID, **options):
        return session.request(method, base + path, timeout=5, allow_redirects=False, **options)

    yield call
    session.close()


def make_page_url(qiwi_emulator, success_url="") -> str:
    query = f"?invoice_uid={qiwi_emulator.get(BILL_ID).invoice_uid}"
    return f"{qiwi_emulator.url}/form/{query}" + (f"&successUrl={success_url}" if success_url else "")


def test_a_request_that_is_held_back_was_asked_all_the_same(qiwi, qiwi_emulator):
    qiwi_emulator.fail("create", "slow", seconds=1.0)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(qiwi, "PUT", json=DOCUMENTED)
        wait_until(lambda: qiwi_emulator.requests, "the request")
        held_back = qiwi_emulator.requests[0]["status"]
        answer.result()

    assert held_back is None
    assert [asked["status"] for asked in qiwi_emulator.requests] == [200]


def test_creating_a_bill_answers_as_documented(qiwi, qiwi_emulator):
    answer = qiwi("PUT", json=DOCUMENTED)

    body = answer.json()
    assert answer.status_code == 200
    assert list(body) == [
        "siteId",
        "billId",
        "amount",
        "status",
        "customer",
        "customFields",
        "comment",
        "creationDateTime",
        "expirationDateTime",
        "payUrl",
        "recipientPhoneNumber",
    ]
    assert {name: body[name] for name in DOCUMENTED} == DOCUMENTED
    assert (body["siteId"], body["billId"], body["status"]["value"]) == ("9hh4jb-00", BILL_ID, "WAITING")
    assert re.fullmatch(ISO_MILLISECONDS, body["creationDateTime"])
    page, _, uid = body["payUrl"].partition("?invoice_uid=")
    assert page == f"{qiwi_emulator.url}/form/"
    assert UUID(uid)


def test_what_was_not_given_is_not_answered(qiwi):
    body = qiwi("PUT", json={"amount": DOCUMENTED["amount"]}).json()

    assert not {"customer", "customFields", "comment"} & set(body)


def test_the_same_bill_again_is_the_bill_that_is_there(qiwi):
    first = qiwi("PUT", json=DOCUMENTED).json()

    assert qiwi("PUT", json=DOCUMENTED | {"comment": "Other"}).json() == first
    assert qiwi("GET").json() == first


def test_the_amount_is_rounded_down(qiwi):
    body = qiwi("PUT", json={"amount": {"currency": "RUB", "value": 1.999}}).json()

    assert body["amount"] == {"currency": "RUB", "value": "1.99"}


def test_a_wrong_key_gets_401_without_a_word(qiwi):
    for key in ("Bearer wrong", "Basic abc", ""):
        answer = qiwi("PUT", json=DOCUMENTED, headers={"Authorization": key})
        assert (answer.status_code, answer.content) == (401, b"")

    assert qiwi("GET").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": None}, "validation.error"),
        ({"amount": {"currency": "USD", "value": "1.00"}}, "validation.error"),
        ({"amount": {"currency": "RUB", "value": "0.00"}}, "validation.error"),
        ({"amount": {"currency": "RUB", "value": "0.001"}}, "validation.error"),
        ({"amount": {"currency": "RUB", "value": "-1"}}, "validation.error"),
        ({"amount": {"currency": "RUB", "value": "1000000"}}, "validation.error"),
        ({"comment": "x" * 256}, "validation.error"),
        ({"expirationDateTime": "2020-01-01T00:00:00+03:00"}, "validation.error"),
        ({"expirationDateTime": "2027-01-01T09:02:00"}, "http.message.conversion.failed"),
        ({"expirationDateTime": "tomorrow"}, "http.message.conversion.failed"),
        ({"customer": "me"}, "http.message.conversion.failed"),
    ],
)
def test_a_bad_bill_is_refused_as_documented(qiwi, change, code):
    answer = qiwi("PUT", json=DOCUMENTED | change)

    body = answer.json()
    assert (answer.status_code, body["errorCode"]) == (400, code)
    assert set(body) == {"serviceName", "errorCode", "description", "userMessage", "dateTime", "traceId"}
    assert qiwi("GET").status_code == 404


def test_unreadable_bodies_paths_and_methods_are_refused(qiwi, qiwi_emulator):
    json_type = {"Content-Type": "application/json"}
    assert qiwi("PUT", data=b"{", headers=json_type).json()["errorCode"] == "http.message.conversion.failed"
    assert qiwi("PUT", data=b"[]", headers=json_type).json()["errorCode"] == "http.message.conversion.failed"
    assert qiwi("PUT", data=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert qiwi("PUT", "x" * 201, json=DOCUMENTED).status_code == 400
    assert qiwi("DELETE").status_code == 405
    assert qiwi("GET", f"{BILL_ID}/reject").status_code == 405
    assert qiwi("POST").status_code == 405
    assert requests.get(f"{qiwi_emulator.url}/elsewhere", timeout=5).status_code == 404
    assert requests.post(f"{qiwi_emulator.url}/form/pay", data=b"x" * 70_000, timeout=5).status_code == 413


def test_an_unknown_bill_is_not_found_as_documented(qiwi):
    for method, path in (("GET", BILL_ID), ("POST", f"{BILL_ID}/reject")):
        answer = qiwi(method, path)
        assert (answer.status_code, answer.json()["errorCode"]) == (404, "api.invoice.not.found")


def test_a_waiting_bill_is_rejected_once(qiwi):
    qiwi("PUT", json=DOCUMENTED)

    assert qiwi("POST", f"{BILL_ID}/reject").json()["status"]["value"] == "REJECTED"
    assert qiwi("POST", f"{BILL_ID}/reject").status_code == 400


def test_a_paid_bill_is_never_rejected(qiwi, qiwi_emulator):
    qiwi("PUT", json=DOCUMENTED)
    qiwi_emulator.pay(BILL_ID)

    assert qiwi("POST", f"{BILL_ID}/reject").status_code == 400
    assert qiwi("GET").json()["status"]["value"] == "PAID"


def test_a_bill_expires_with_the_clock(qiwi, qiwi_emulator):
    qiwi("PUT", json={"amount": DOCUMENTED["amount"]})
    qiwi_emulator.move_clock(seconds=46 * 86_400)

    body = qiwi("GET").json()

    assert body["status"] == {"value": "EXPIRED", "changedDateTime": body["status"]["changedDateTime"]}
    assert qiwi_emulator.pay(BILL_ID).status == "EXPIRED"


def test_the_pay_page_pays_and_leads_back(qiwi, qiwi_emulator):
    qiwi("PUT", json=DOCUMENTED)
    page = requests.get(make_page_url(qiwi_emulator, "https://shop.example/pay/1/"), timeout=5)
    assert "Эмулятор, деньги не списываются" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Вернуться, не платя" in page.text

    form = {
        "invoice_uid": qiwi_emulator.get(BILL_ID).invoice_uid,
        "successUrl": "https://shop.example/pay/1/",
    }
    paid = requests.post(f"{qiwi_emulator.url}/form/pay", data=form, timeout=5)

    assert paid.history[0].status_code == 303
    assert "Счёт оплачен" in paid.text
    assert paid.headers["Refresh"] == "2; url=https://shop.example/pay/1/"
    assert qiwi_emulator.get(BILL_ID).status == "PAID"


def test_the_pay_page_declines(qiwi, qiwi_emulator):
    qiwi("PUT", json=DOCUMENTED)
    form = {"invoice_uid": qiwi_emulator.get(BILL_ID).invoice_uid}

    page = requests.post(f"{qiwi_emulator.url}/form/reject", data=form, timeout=5)

    assert "Счёт отклонён" in page.text
    assert "Refresh" not in page.headers
    assert qiwi_emulator.get(BILL_ID).status == "REJECTED"


def test_the_pay_page_shows_no_foreign_markup(qiwi, qiwi_emulator):
    qiwi("PUT", json=DOCUMENTED | {"comment": "<script>alert(1)</script> $heading"})

    page = requests.get(make_page_url(qiwi_emulator), timeout=5).text

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_unknown_pay_page_is_a_404_in_words(qiwi_emulator):
    page = requests.get(f"{qiwi_emulator.url}/form?invoiceUid=x", timeout=5)

    assert (page.status_code, "Счёт не найден" in page.text) == (404, True)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example",
        "/pay/",
        "ftp://shop.example/",
        "https://",
        "http://[",
        "https://shop.example/\r\nSet-Cookie: a=b",
        "https://shop.example/ы",
    ],
)
def test_the_pay_page_leads_nowhere_else(url):
    assert accept_success_url(url) == ""


class Shop:
    """A shop that answers notifications with what the test wants, and remembers them."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.seen: list[tuple[dict, bytes]] = []
        shop, waiting = self, list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.seen.append((dict(self.headers), body))
                status, text = waiting.pop(0) if waiting else (200, b'{"error":"0"}')
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback/"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def open_shop():
    shops = []

    def start(*answers):
        shops.append(Shop(*answers))
        return shops[-1]

    yield start
    for shop in shops:
        shop.close()


def wait_for(condition, seconds=5.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen in time")


def test_a_payment_is_told_as_documented(qiwi, qiwi_emulator, open_shop):
    shop = open_shop()
    qiwi_emulator.notify(shop.url)
    qiwi("PUT", json=DOCUMENTED)

    qiwi_emulator.pay(BILL_ID)

    wait_for(lambda: shop.seen)
    headers, raw = shop.seen[0]
    body = json.loads(raw)
    bill = body["bill"]
    assert len(headers["X-Api-Signature-SHA256"]) == 64
    assert body["version"] == "1"
    assert "payUrl" not in bill
    assert bill["status"]["value"] == "PAID"
    assert bill["expirationDateTime"] == "2027-01-01T09:02:00+03"
    assert len(bill["status"]["changedDateTime"]) == len("2021-01-18T15:25:18+03")
    assert bill["recipientPhoneNumber"]


def test_a_notification_is_repeated_until_it_is_taken(qiwi, qiwi_emulator, open_shop):
    shop = open_shop((503, b""), (200, b"<html>"), (200, b'{"error":"1"}'), (302, b""))
    qiwi_emulator.notify(shop.url)
    qiwi("PUT", json=DOCUMENTED)

    qiwi_emulator.pay(BILL_ID)

    wait_for(lambda: any(item["state"] == "delivered" for item in qiwi_emulator.deliveries))
    assert len(shop.seen) == 5
    assert len({raw for _, raw in shop.seen}) == 1


def test_a_notification_is_given_up_after_51_tries(qiwi, open_shop):
    emulator = run_in_thread(retry_scale=1e-7, callback_url="http://127.0.0.1:1/")
    try:
        requests.put(
            f"{emulator.url}/partner/bill/v1/bills/{BILL_ID}",
            json=DOCUMENTED,
            headers={"Authorization": f"Bearer {emulator.secret}"},
            timeout=5,
        )
        emulator.pay(BILL_ID)
        wait_for(lambda: emulator.deliveries[0]["state"] == "given up")
        assert len(emulator.deliveries[0]["tries"]) == 51
    finally:
        emulator.stop()


def test_bills_outlive_the_process_where_there_is_a_file(tmp_path):
    options = {"state": str(tmp_path / "qiwi.sqlite")}
    first = run_in_thread(**options)
    requests.put(
        f"{first.url}/partner/bill/v1/bills/{BILL_ID}",
        json=DOCUMENTED,
        headers={"Authorization": f"Bearer {first.secret}"},
        timeout=5,
    )
    before = first.get(BILL_ID)
    first.stop()

    second = run_in_thread(**options)
    try:
        assert second.get(BILL_ID) == before
    finally:
        second.stop()


def test_the_control_api_shows_and_moves_everything(qiwi, qiwi_emulator):
    control = f"{qiwi_emulator.url}/__control__"
    qiwi("PUT", json=DOCUMENTED)

    assert requests.post(f"{control}/pay/{BILL_ID}", timeout=5).json()["status"]["value"] == "PAID"
    assert [bill["billId"] for bill in requests.get(f"{control}/bills", timeout=5).json()] == [BILL_ID]
    assert requests.get(f"{control}/requests", timeout=5).json()[0]["operation"] == "create"
    assert requests.get(f"{control}/deliveries", timeout=5).json() == []
    assert requests.get(f"{control}/health", timeout=5).json() == {"ok": True}
    assert requests.post(f"{control}/reject/none", timeout=5).status_code == 404
    for body in (b"{", b"[]", b'{"seconds": "x"}', b'{"seconds": 1e400}', b"{}"):
        assert requests.post(f"{control}/clock", data=body, timeout=5).status_code == 400
    assert requests.post(f"{control}/faults", json={"action": "explode"}, timeout=5).status_code == 400

    requests.post(f"{control}/faults", json={"unavailable": True}, timeout=5)
    assert qiwi("GET").status_code == 503
    requests.post(f"{control}/faults", json={"unavailable": False}, timeout=5)
    assert qiwi("GET").status_code == 200

    requests.post(f"{control}/reset", timeout=5)
    assert requests.get(f"{control}/bills", timeout=5).json() == []


def test_the_control_api_is_closed_without_its_token():
    emulator = run_in_thread(control_token="open")
    try:
        control = f"{emulator.url}/__control__/bills"
        assert requests.get(control, timeout=5).status_code == 403
        assert requests.get(control, headers={"X-Control-Token": "open"}, timeout=5).status_code == 200
    finally:
        emulator.stop()


def test_the_command_line_needs_a_secret(monkeypatch, capsys):
    monkeypatch.delenv("QIWI_SECRET_KEY", raising=False)

    with pytest.raises(SystemExit):
        parse_arguments([])

    assert "QIWI_SECRET_KEY" in capsys.readouterr().err
    assert parse_arguments(["--secret", "x", "--port", "1"]).port == 1


def test_it_stands_alone():
    program = (
        "import sys, payments.emulator.__main__\n"
        "foreign = {name.split('.')[0] for name in sys.modules} & {'django', 'core', 'shop', 'requests'}\n"
        "assert not foreign, foreign\n"
        "assert not [name for name in sys.modules if name.startswith('payments.providers')]\n"
    )

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=30)


def test_it_runs_as_a_process_stops_when_told_and_says_when_its_port_is_taken(qiwi_emulator):
    command = [sys.executable, "-m", "payments.emulator", "--secret", "x", "--port"]
    taken = qiwi_emulator.url.rpartition(":")[2]
    refused = subprocess.run(
        [*command, taken], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1

    with subprocess.Popen([*command, "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert requests.get(f"{address[0]}/__control__/health", timeout=5).json() == {"ok": True}
        process.terminate()
        assert process.wait(timeout=10) == 0
