"""The cheque: one mail a paid order, in the order's language, whatever happens."""

import smtplib
from datetime import timedelta
from html import unescape
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from core.vat import VatCode
from payments.models import Bill
from shop.catalog.models import Berry
from shop.orders import jobs
from shop.orders.cheques import MailServerAway, get_key, send_cheque
from shop.orders.emails import build_cheque, sum_vat
from shop.orders.models import Cheque, Order
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.orders import ZoneFactory, make_order, place, settle, want

NBSP = "\N{NO-BREAK SPACE}"


def make_paid_order(**changes) -> Order:
    return settle(make_order(**changes), Bill.Status.PAID)


def get_cheque(order: Order) -> Cheque:
    return Cheque.objects.get(order=order)


class FailingBackend(EmailBackend):
    """A mail server that fails where and how the test says."""

    at_open: Exception | None = None
    at_send: Exception | None = None

    def open(self):
        if self.at_open:
            raise self.at_open

    def send_messages(self, messages):
        if self.at_send:
            raise self.at_send
        return super().send_messages(messages)


@pytest.fixture
def mail_server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    monkeypatch.setattr("core.handing.get_connection", FailingBackend)
    yield FailingBackend
    FailingBackend.at_open = FailingBackend.at_send = None


@pytest.mark.django_db
class TestSending:
    def test_the_cheque_is_sent_and_marked(self):
        order = make_paid_order()

        assert send_cheque(order_id=order.pk)

        cheque = get_cheque(order)
        assert (cheque.status, bool(cheque.sent_at), bool(cheque.claimed_at)) == ("sent", True, True)
        assert [message.to for message in mail.outbox] == [[order.email]]
        assert cache.get(get_key(order.bill_id))
        assert 0 < cache.ttl(get_key(order.bill_id)) <= 86_400

    def test_it_is_sent_once_however_often_the_task_runs(self):
        order = make_paid_order()
        send_cheque(order_id=order.pk)

        assert not send_cheque(order_id=order.pk)
        cache.clear()
        assert not send_cheque(order_id=order.pk)

        assert len(mail.outbox) == 1

    def test_what_another_worker_took_up_is_left_alone(self):
        order = make_paid_order()
        Cheque.objects.update(status="sending", claimed_at=timezone.now())

        assert not send_cheque(order_id=order.pk)

        assert mail.outbox == []
        assert get_cheque(order).status == "sending"

    @pytest.mark.parametrize(
        "fault",
        [
            {"at_open": ConnectionRefusedError()},
            {"at_open": TimeoutError()},
            {"at_send": smtplib.SMTPDataError(451, b"greylisted")},
            {"at_send": smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"later")})},
        ],
    )
    def test_a_mail_that_was_certainly_not_taken_is_sent_later(self, mail_server, fault):
        order = make_paid_order()
        [(where, error)] = fault.items()
        setattr(mail_server, where, error)

        with pytest.raises(MailServerAway):
            send_cheque(order_id=order.pk)

        assert (get_cheque(order).status, get_cheque(order).claimed_at) == ("pending", None)
        setattr(mail_server, where, None)
        assert send_cheque(order_id=order.pk)
        assert len(mail.outbox) == 1

    def test_a_mail_in_doubt_is_never_sent_again_by_itself(self, mail_server, caplog):
        order = make_paid_order()
        mail_server.at_send = smtplib.SMTPServerDisconnected()

        with pytest.raises(smtplib.SMTPServerDisconnected):
            send_cheque(order_id=order.pk)

        mail_server.at_send = None
        Cheque.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
        assert not send_cheque(order_id=order.pk)
        assert jobs.send_pending_cheques() == 0
        assert jobs.report_stuck_cheques() == 1
        assert f"The cheque of order {order.number} is stuck" in caplog.text
        assert mail.outbox == []

    def test_a_lost_task_is_made_up_for_after_a_minute(self, eager_tasks):
        order = make_paid_order()
        assert jobs.send_pending_cheques() == 0
        Cheque.objects.update(created_at=timezone.now() - timedelta(minutes=2))

        assert jobs.send_pending_cheques() == 1

        assert get_cheque(order).status == "sent"
        assert len(mail.outbox) == 1

    def test_payment_itself_sends_it_after_commit(self, eager_tasks, django_capture_on_commit_callbacks):
        order = make_order()

        with django_capture_on_commit_callbacks(execute=True):
            settle(order, Bill.Status.PAID)

        assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_cheque():
    order = make_paid_order()
    barrier, results = Barrier(4), []

    def work():
        barrier.wait()
        results.append(send_cheque(order_id=order.pk))
        connection.close()

    workers = [Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(results) == [False, False, False, True]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
class TestContent:
    def read(self, order: Order) -> tuple[str, str]:
        message = build_cheque(Order.objects.with_details().get(pk=order.pk))
        [(html, kind)] = message.alternatives
        assert kind == "text/html"
        return message.body, unescape(html)

    def test_both_parts_name_everything_a_receipt_must(self, settings):
        order = make_paid_order()
        [line] = order.lines.all()

        for part in self.read(order):
            for expected in (
                order.number,
                line.title,
                f"780{NBSP}₽",
                f"250{NBSP}₽",
                f"1{NBSP}030{NBSP}₽",
                f"70,91{NBSP}₽",  # 10 % inside 780
                f"45,08{NBSP}₽",  # 22 % inside 250
                order.delivery.slot.hours_label,
                "Тверская улица",
                "Анна Ягодкина",
                str(order.bill_id),
                f"{settings.SITE_URL}/orders/{order.number}/",
            ):
                assert expected in part, expected

    def test_a_russian_order_gets_a_russian_cheque(self):
        order = make_paid_order()

        message = build_cheque(order)

        assert message.subject == f"Заказ {order.number} оплачен"
        for part in self.read(order):
            assert "не является фискальным документом" in part
            assert "Итого оплачено" in part

    def test_an_english_order_gets_an_english_cheque(self, settings):
        order = make_paid_order(language="en")

        message = build_cheque(order)

        assert message.subject == f"Order {order.number} is paid"
        for part in self.read(order):
            assert "not a fiscal document" in part
            assert "₽1,030" in part
            assert f"{settings.SITE_URL}/en/orders/{order.number}/" in part

    def test_the_headers_make_a_repetition_recognizable_and_no_robot_answer(self, settings):
        order = make_paid_order()

        message = build_cheque(order)

        assert message.extra_headers["Message-ID"] == f"<cheque-{order.bill_id}@127.0.0.1>"
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert message.message()["Message-ID"] == f"<cheque-{order.bill_id}@127.0.0.1>"

    def test_styles_are_written_on_the_elements(self):
        _text, html = self.read(make_paid_order())

        assert 'class="button" href=' in html
        assert 'style="' in html

    def test_a_name_cannot_smuggle_headers_or_markup(self):
        user = UserFactory()
        put_in_cart(user)
        order = settle(place(user, want(name="<b>Вася</b>\r\nBcc: all@example.com")), Bill.Status.PAID)

        message = build_cheque(order)

        assert "<b>Вася</b>" not in message.alternatives[0][0]
        message = message.message()
        assert message["Bcc"] is None
        assert message["Subject"]

    def test_free_delivery_is_called_free_and_bears_no_tax(self):
        user = UserFactory()
        put_in_cart(user, quantity=2)
        order = settle(place(user, want(zone=ZoneFactory(price=0))), Bill.Status.PAID)

        assert [(item.label, str(item.amount)) for item in sum_vat(order)] == [(VatCode.TEN.label, "70.91")]
        assert "бесплатно" in self.read(order)[0]

    def test_the_tax_of_an_untaxed_line_is_left_out(self):
        user = UserFactory()
        line = put_in_cart(user, quantity=2)
        Berry.objects.filter(pk=line.pack.berry_id).update(vat_code=VatCode.NONE)
        order = place(user)

        assert [item.label for item in sum_vat(order)] == [VatCode.TWENTY_TWO.label]
