"""What is YooKassa's own: keys, receipts, payments nobody can cancel, notifications nobody signs."""

import json
import logging
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from core.money import Money
from payments import checks, services
from payments.models import Bill, BillEvent
from payments.providers import get_provider
from payments.providers.base import (
    AlreadyFinal,
    AuthFailed,
    BillRef,
    BillRequest,
    CannotReject,
    MalformedMessage,
    Misconfigured,
    NotFound,
    OutcomeUnknown,
    ProviderUnavailable,
    RemoteStatus,
    RequestRejected,
    SignatureInvalid,
    Unsupported,
)
from payments.providers.yookassa import provider as module
from payments.providers.yookassa.messages import read_payment, write_payment
from payments.receipts import ReceiptDraft, ReceiptInvalid, ReceiptLine
from tests.fixtures.payments import YOOKASSA_SECRET, Account

RECEIPT = ReceiptDraft(
    "buyer@example.com",
    (
        ReceiptLine("Малина, лоток 250 г", 5, Decimal("200.00"), 3),
        ReceiptLine("Доставка", 1, Decimal("250.00"), 11, subject="service"),
    ),
)


@pytest.fixture
def provider(yookassa_emulator):
    return get_provider("yookassa")


@pytest.fixture
def shop(yookassa_emulator, settings) -> Account:
    return Account("yookassa", yookassa_emulator, settings)


def make_request(**changes) -> BillRequest:
    values = {
        "bill_id": uuid4(),
        "money": Money(Decimal("1250.00")),
        "comment": "Заказ 17",
        "expires_at": timezone.now() + timedelta(hours=1),
        "return_url": "https://shop.example/pay/1/",
    }
    return BillRequest(**(values | changes))


class TestAsking:
    def test_a_payment_is_made_as_its_documents_say(self, provider, yookassa_emulator):
        request = make_request(receipt=RECEIPT)

        made = provider.create(request)

        asked = yookassa_emulator.requests[0]
        assert asked["key"] == str(request.bill_id)
        assert json.loads(asked["body"]) == {
            "amount": {"value": "1250.00", "currency": "RUB"},
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": "https://shop.example/pay/1/"},
            "description": "Заказ 17",
            "metadata": {"bill_id": str(request.bill_id)},
            "receipt": {
                "customer": {"email": "buyer@example.com"},
                "internet": True,
                "items": [
                    {
                        "description": "Малина, лоток 250 г",
                        "quantity": 5,
                        "amount": {"value": "200.00", "currency": "RUB"},
                        "vat_code": 3,
                        "payment_subject": "commodity",
                        "payment_mode": "full_prepayment",
                        "measure": "piece",
                    },
                    {
                        "description": "Доставка",
                        "quantity": 1,
                        "amount": {"value": "250.00", "currency": "RUB"},
                        "vat_code": 11,
                        "payment_subject": "service",
                        "payment_mode": "full_prepayment",
                        "measure": "piece",
                    },
                ],
            },
        }
        assert (made.status, made.bill_id, made.account) == (
            RemoteStatus.WAITING,
            request.bill_id,
            yookassa_emulator.site_id,
        )
        assert made.external_id != str(request.bill_id)

    def test_the_same_request_has_the_same_bytes(self):
        request = make_request(receipt=RECEIPT)
        assert write_payment(request) == write_payment(request)

    def test_an_error_that_says_nothing_is_repeated_under_the_same_key(self, provider, yookassa_emulator):
        yookassa_emulator.fail("create", "status_after", status=500)
        request = make_request()

        assert provider.create(request).status == RemoteStatus.WAITING
        assert [item["key"] for item in yookassa_emulator.requests] == [str(request.bill_id)] * 2
        assert len(yookassa_emulator.emulator.book.list_all()) == 1

    def test_errors_have_their_names(self, provider, yookassa_emulator, settings):
        with pytest.raises(NotFound):
            provider.fetch(BillRef(uuid4(), "no-such-payment", timezone.now()))
        with pytest.raises(RequestRejected):
            provider.create(make_request(money=Money(Decimal(0))))
        yookassa_emulator.fail("fetch", status=404)
        with pytest.raises(Misconfigured):
            provider.fetch(BillRef(uuid4(), "any"))
        yookassa_emulator.fail("fetch", status=429, times=3)
        with pytest.raises(ProviderUnavailable):
            provider.fetch(BillRef(uuid4(), "any"))
        settings.YOOKASSA_SECRET_KEY = "wrong"
        with pytest.raises(AuthFailed):
            get_provider("yookassa").fetch(BillRef(uuid4(), "any"))

    def test_another_request_under_a_used_key_is_refused(self, provider):
        request = make_request()
        provider.create(request)

        with pytest.raises(RequestRejected):
            provider.create(make_request(bill_id=request.bill_id, comment="another"))

    def test_a_payment_whose_number_is_unknown_is_found_among_many(self, provider, monkeypatch):
        monkeypatch.setattr(module, "PAGE", 3)
        wanted = make_request()
        provider.create(wanted)
        for _ in range(7):
            provider.create(make_request())

        found = provider.fetch(BillRef(wanted.bill_id, asked_at=timezone.now()))

        assert found.bill_id == wanted.bill_id
        with pytest.raises(NotFound):
            provider.fetch(BillRef(uuid4(), asked_at=timezone.now()))
        monkeypatch.setattr(module, "MAX_PAGES", 2)
        with pytest.raises(ProviderUnavailable):
            provider.fetch(BillRef(uuid4(), asked_at=timezone.now()))

    def test_only_money_that_is_held_can_be_let_go(self, provider, yookassa_emulator):
        request = make_request()
        made = provider.create(request)
        ref = BillRef(request.bill_id, made.external_id)
        with pytest.raises(CannotReject) as open_still:
            provider.reject(ref)
        assert open_still.value.remote.status == RemoteStatus.WAITING

        book = yookassa_emulator.emulator.book
        book.finish(made.external_id, "HELD")
        assert provider.reject(ref).status == RemoteStatus.REJECTED
        with pytest.raises(AlreadyFinal):
            provider.reject(ref)

    def test_secrets_and_addresses_are_never_logged(self, provider, yookassa_emulator, caplog):
        caplog.set_level(logging.DEBUG)
        yookassa_emulator.fail("create", "drop_before")
        provider.create(make_request(receipt=RECEIPT))
        with pytest.raises(RequestRejected):
            provider.create(make_request(money=Money(Decimal(0))))

        for secret in (YOOKASSA_SECRET, "Basic", "buyer@example.com", "invoice_uid"):
            assert secret not in caplog.text

    def test_nothing_about_the_payer_is_kept(self):
        remote = read_payment(
            {
                "id": "a",
                "status": "succeeded",
                "amount": {"value": "1.00", "currency": "RUB"},
                "recipient": {"account_id": "b"},
                "payment_method": {"card": {"last4": "4477"}},
                "confirmation": {"confirmation_url": "javascript:alert(1)"},
            }
        )

        assert remote.pay_url == ""
        assert "payment_method" not in remote.raw

    @pytest.mark.parametrize(
        ("status", "reason", "expected"),
        [
            ("canceled", "expired_on_confirmation", RemoteStatus.EXPIRED),
            ("canceled", "insufficient_funds", RemoteStatus.REJECTED),
            ("canceled", None, RemoteStatus.REJECTED),
            ("frozen", None, RemoteStatus.UNKNOWN),
        ],
    )
    def test_statuses_are_translated(self, status, reason, expected):
        data = {
            "id": "a",
            "status": status,
            "amount": {"value": "1.00", "currency": "RUB"},
            "recipient": {"account_id": "b"},
            "cancellation_details": {"reason": reason},
        }
        assert read_payment(data).status == expected


@pytest.mark.django_db
class TestBills:
    def test_a_receipt_is_frozen_with_the_bill_and_must_add_up(self, shop):
        with pytest.raises(ReceiptInvalid):
            shop.make_bill(amount=Decimal("1.00"), receipt=RECEIPT)
        assert not Bill.objects.exists()

        bill = shop.open_bill(receipt=RECEIPT)

        assert shop.find(bill).receipt["items"][0]["vat_code"] == 3
        assert ReceiptDraft.read(Bill.objects.get().receipt) == RECEIPT

    @pytest.mark.parametrize("changes", [{"amount": Decimal("700000.01")}, {"currency": "KZT"}])
    def test_what_yookassa_cannot_take_is_refused(self, shop, changes):
        with pytest.raises(Unsupported):
            shop.make_bill(**changes)

    def test_a_wish_to_reject_stays_noted_until_the_end_is_known(self, shop, heard):
        bill = shop.open_bill()

        wished = services.reject_bill(bill_id=bill.pk)

        assert (wished.status, wished.can_be_paid) == ("waiting", False)
        assert wished.reject_requested_at
        assert services.describe_bill(bill_id=bill.pk).pay_url == ""
        assert list(Bill.objects.needing_reject(timezone.now() + timedelta(minutes=1))) == [wished]
        shop.emulator.move_clock(seconds=3601)
        assert services.reject_bill(bill_id=bill.pk).status == "expired"
        assert heard == [("created", "waiting"), ("waiting", "expired")]

    def test_a_payment_that_is_anothers_is_an_alarm(self, shop):
        bill, other = shop.open_bill(), shop.open_bill()
        number = other.external_id
        Bill.objects.filter(pk=other.pk).update(external_id="elsewhere")
        Bill.objects.filter(pk=bill.pk).update(external_id=number)
        shop.emulator.pay(number)

        assert services.sync_bill(bill_id=bill.pk).status == "waiting"
        assert BillEvent.objects.get(result="mismatch").detail.startswith("bill: ours")

    def test_a_bill_stays_with_its_provider(self, shop, qiwi_emulator, settings):
        settings.PAYMENT_PROVIDER = "yookassa"
        bill = shop.open_bill()
        settings.PAYMENT_PROVIDER = "qiwi"
        shop.pay(bill)

        assert services.sync_bill(bill_id=bill.pk).status == "paid"
        assert qiwi_emulator.requests == []


@pytest.mark.django_db
class TestNotifications:
    def test_they_are_taken_from_yookassas_addresses_alone(self, shop, settings):
        bill = shop.open_bill()
        shop.pay(bill)
        letter = shop.write_letter(bill)
        settings.YOOKASSA_NOTIFY_NETWORKS = ["185.71.76.0/27", "2a02:5180::/32"]

        for address, status in {
            "127.0.0.1": 403,
            "": 403,
            "185.71.76.32": 403,
            "not-an-address": 403,
            "185.71.76.31": 200,
            "::ffff:185.71.76.1": 200,
            "2a02:5180:0:1509::7": 200,
        }.items():
            assert shop.deliver(letter, REMOTE_ADDR=address).status_code == status
        assert BillEvent.objects.filter(source="webhook").count() == 1

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "status"),
        [
            (0, "185.71.76.1", 403),
            (1, "185.71.76.1", 200),
            (1, "185.71.76.1, 203.0.113.9", 403),
            (2, "185.71.76.1, 10.0.0.1", 200),
            (1, "", 403),
        ],
    )
    def test_only_our_own_proxies_are_believed(self, shop, settings, proxies, forwarded, status):
        settings.YOOKASSA_NOTIFY_NETWORKS = ["185.71.76.0/27"]
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        bill = shop.open_bill()
        shop.pay(bill)

        answer = shop.deliver(shop.write_letter(bill), HTTP_X_FORWARDED_FOR=forwarded)

        assert answer.status_code == status

    def test_one_about_a_lost_answer_finds_its_bill_by_our_number(self, shop):
        bill = shop.open_bill()
        Bill.objects.update(external_id="", status="created", opened_at=None, pay_url="")
        shop.pay(bill)

        assert shop.deliver(shop.write_letter(bill)).status_code == 200
        assert BillEvent.objects.get(source="webhook").bill_id == bill.pk
        assert services.sync_bill(bill_id=bill.pk).status == "paid"

    def test_one_about_a_payment_nobody_made_is_kept_and_alarmed_about(self, shop):
        bill = shop.open_bill()
        shop.pay(bill)
        body = json.loads(shop.write_letter(bill).body)
        body["object"] |= {"id": "unknown", "metadata": {}}
        letter = shop.write_letter(bill)

        answer = shop.deliver(type(letter)(letter.bill_id, letter.status, json.dumps(body), {}))

        assert answer.status_code == 200
        assert BillEvent.objects.get(source="webhook").result == "unknown_bill"

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "[]",
            "{}",
            '{"event":"payment.succeeded"}',
            '{"event":1,"object":{}}',
            '{"event":"a","object":{"id":[]}}',
        ],
    )
    def test_a_malformed_one_is_refused(self, shop, client, body):
        answer = client.post(shop.callback, body, content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert not BillEvent.objects.exists()

    def test_without_other_networks_yookassas_own_are_believed(self, provider, settings):
        settings.YOOKASSA_NOTIFY_NETWORKS = []
        with pytest.raises(SignatureInvalid):
            get_provider("yookassa").read_webhook({}, b"{}", sender="127.0.0.1")
        with pytest.raises(MalformedMessage):
            get_provider("yookassa").read_webhook({}, b"{}", sender="77.75.156.35")


def test_settings_that_cannot_work_stop_the_start(settings):
    settings.PAYMENT_PROVIDER = "yookassa"
    settings.YOOKASSA_SHOP_ID = settings.YOOKASSA_SECRET_KEY = ""
    settings.YOOKASSA_NOTIFY_NETWORKS = ["everywhere"]
    assert [error.id for error in checks.check_payment_provider(None)] == [
        "payments.E004",
        "payments.E004",
        "payments.E005",
    ]

    settings.YOOKASSA_SHOP_ID = settings.YOOKASSA_SECRET_KEY = "x"
    settings.ENVIRONMENT = "production"
    settings.YOOKASSA_NOTIFY_NETWORKS = ["0.0.0.0/0", "::/0"]
    settings.YOOKASSA_API_URL = "http://api.yookassa.ru/v3"
    assert [error.id for error in checks.check_yookassa()] == ["payments.E006", "payments.E007"]


@pytest.mark.django_db
def test_a_write_whose_answer_is_nonsense_is_in_doubt(shop):
    bill = shop.make_bill()
    shop.emulator.fail("create", "html", times=None)
    shop.emulator.fail("list", "html", times=None)

    with pytest.raises((OutcomeUnknown, ProviderUnavailable)):
        services.open_bill(bill_id=bill.pk)
    assert Bill.objects.get().status == "created"
