"""What shoppers and staff are told of an order: each thing once, kept as it went out, never lost silently."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core.models import Mail, SellerSettings, TextMessage
from payments.models import Bill
from shop.delivery.models import Delivery
from shop.orders import finding, jobs, settling
from shop.orders.cheques import list_mails, send_cheque, send_letter
from shop.orders.letters import report_step
from shop.orders.models import Cheque, Letter, Mismatch, Order
from shop.orders.personal import forget_buyer
from shop.orders.story import tell_story
from shop.orders.texts import write_sms
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db
Kind = Letter.Kind
STEPS = [kind for kind in Kind if kind not in {Kind.REFUND_DUE, Kind.REFUNDED}]


class RefusingBackend(EmailBackend):
    """A mail server that knows no such user."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"No such user here")})


@pytest.fixture
def refusing_server(monkeypatch):
    monkeypatch.setattr("core.handing.get_connection", RefusingBackend)


@pytest.fixture
def shop():
    """The shop's own settings, to be changed."""
    site = get_front_page().get_site()
    return SellerSettings.objects.get_or_create(site=site)[0]


def make_paid_order(**changes) -> Order:
    return settle(make_order(**changes), Bill.Status.PAID)


def send(letter: Letter) -> Letter:
    send_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    return letter


class TestSteps:
    @pytest.mark.parametrize("language", ["ru", "en"])
    @pytest.mark.parametrize("kind", STEPS)
    def test_each_step_is_told_in_the_orders_language(self, settings, kind, language):
        order = make_paid_order(language=language)

        letter = send(report_step(order, kind, text="Пришлём новые", reason="Никого нет"))

        [message] = mail.outbox
        prefix = "" if language == "ru" else "/en"
        assert (letter.status, message.to) == ("sent", [order.email])
        assert order.number in message.subject
        assert f"{settings.SITE_URL}{prefix}/orders/{order.number}/" in message.body

    def test_a_step_is_told_once(self):
        order = make_paid_order()

        letters = {report_step(order, Kind.HANDED_OVER).pk for _time in range(3)}

        assert letters == set(Letter.objects.values_list("pk", flat=True))
        assert len(letters) == 1

    def test_a_step_that_repeats_is_told_each_time_it_has_a_name_of_its_own(self):
        order = make_paid_order()

        for reference in ("first", "second", "second"):
            report_step(order, Kind.SLOT_CHANGED, reference=reference)

        assert Letter.objects.count() == 2

    def test_what_somebody_wrote_is_in_the_letter_and_is_no_markup(self):
        order = make_paid_order()

        send(report_step(order, Kind.COMPLAINT_ANSWERED, text="<b>Пришлём</b> новые & свежие"))

        [message] = mail.outbox
        assert "<b>Пришлём</b> новые & свежие" in message.body
        assert "&lt;b&gt;Пришлём&lt;/b&gt; новые &amp; свежие" in message.alternatives[0].content

    def test_a_refund_has_its_own_way(self):
        with pytest.raises(ValueError, match="report_refund"):
            report_step(make_paid_order(), Kind.REFUNDED)

        assert not Letter.objects.exists()


class TestCopies:
    def test_what_was_sent_is_kept_word_for_word(self):
        order = make_paid_order()
        send_cheque(order_id=order.pk)
        send(report_step(order, Kind.DELIVERED))

        copies = list_mails(order)

        assert [copy.kind for copy in copies] == ["cheque", "delivered"]
        for copy, message in zip(copies, mail.outbox, strict=True):
            assert (copy.subject, copy.text) == (message.subject, message.body)
            assert copy.html == message.alternatives[0].content
            assert (copy.to, copy.message_id) == (order.email, message.extra_headers["Message-ID"])

    def test_what_was_not_sent_is_not_kept(self, refusing_server):
        order = make_paid_order()

        send_cheque(order_id=order.pk)

        assert list_mails(order) == []

    def test_who_is_forgotten_leaves_neither_words_nor_phone(self, settings):
        settings.SMS_PROVIDER = "console"
        order, other = make_paid_order(), make_paid_order()
        for row in (order, other):
            send_cheque(order_id=row.pk)
        Delivery.objects.filter(order=other).update(phone="+79997654321")
        for row in (order, Order.objects.get(pk=other.pk)):
            report_step(row, Kind.ON_THE_WAY)

        forget_buyer(order.user)

        assert [bool(copy.text + copy.html) for copy in list_mails(order) + list_mails(other)] == [
            False,
            True,
        ]
        assert [text.to for text in TextMessage.objects.order_by("pk")] == ["", "+79997654321"]


class TestRefusedForGood:
    def test_a_refused_mail_is_given_up_and_waits_for_a_person(self, refusing_server, caplog):
        order = make_paid_order()

        assert not send_cheque(order_id=order.pk)

        cheque = Cheque.objects.get()
        assert (cheque.status, cheque.failure) == ("failed", "550 No such user here")
        row = Mismatch.objects.get()
        assert (row.kind, row.order, row.is_open) == ("mail_refused", order, True)
        assert row.details == {"said": "550 No such user here"}
        assert "mail_refused" in caplog.text

    def test_it_is_not_tried_again_by_itself(self, refusing_server):
        order = make_paid_order()
        send_cheque(order_id=order.pk)
        long_ago = timezone.now() - timedelta(days=1)
        Cheque.objects.update(created_at=long_ago, due_at=long_ago)

        assert jobs.send_pending_cheques() == 0
        assert not send_cheque(order_id=order.pk)
        assert jobs.report_stuck_cheques() == 0

    def test_a_person_has_it_sent_again(self, refusing_server, monkeypatch, eager_tasks):
        order = make_paid_order()
        letter = report_step(order, Kind.ON_THE_WAY)
        send_letter(letter_id=letter.pk)
        monkeypatch.undo()
        row = Mismatch.objects.get()

        settling.send_again(mismatch_id=row.pk, by=UserFactory())

        assert send(letter).status == "sent"
        row.refresh_from_db()
        assert not row.is_open

    def test_refused_once_more_it_waits_once_more(self, refusing_server):
        order = make_paid_order()
        send_cheque(order_id=order.pk)
        row = Mismatch.objects.get()
        settling.send_again(mismatch_id=row.pk, by=UserFactory())

        send_cheque(order_id=order.pk)

        row.refresh_from_db()
        assert (row.is_open, row.is_taken) == (True, False)

    def test_a_person_may_settle_it_in_words(self, refusing_server):
        send_cheque(order_id=make_paid_order().pk)
        row = Mismatch.objects.get()

        settling.settle_by_note(mismatch_id=row.pk, by=UserFactory(), note="Позвонили, чек прочитали вслух")

        assert not Mismatch.objects.open().exists()

    def test_a_row_about_a_mail_that_went_out_after_all_is_closed_by_the_job(self, refusing_server):
        send_cheque(order_id=make_paid_order().pk)
        Cheque.objects.update(status="sent", sent_at=timezone.now())

        finding.note_stuck_mails(timezone.now())

        assert not Mismatch.objects.open().exists()

    def test_the_story_of_the_order_tells_it(self, refusing_server):
        order = make_paid_order()
        send_cheque(order_id=order.pk)

        told = tell_story(order=order, bill=None)

        assert "550 No such user here" in {entry.details for entry in told}


class TestStaff:
    def test_a_paid_order_is_told_once_to_each_address(self, shop):
        shop.order_emails = "pack@example.com, boss@example.com,, pack@example.com"
        shop.save()

        order = make_paid_order()
        settle_again(order)

        assert sorted(message.to[0] for message in mail.outbox) == ["boss@example.com", "pack@example.com"]
        [first, _second] = mail.outbox
        assert order.number in first.subject
        assert order.delivery.slot.hours_label in first.body

    def test_it_says_nothing_of_the_person(self, shop, settings):
        shop.order_emails = "pack@example.com"
        shop.save()
        settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_CHAT_ID = "1:x", "-100"

        order = make_paid_order()

        [message], [text] = mail.outbox, TextMessage.objects.all()
        for words in (message.body, message.alternatives[0].content, text.text):
            for secret in (order.name, order.email, order.phone[2:], order.delivery.street):
                assert secret not in words
        assert (text.channel, text.to, order.number in text.text) == ("telegram", "-100", True)

    def test_nobody_is_told_where_nobody_asked(self, shop):
        make_paid_order()

        assert (Mail.objects.count(), TextMessage.objects.count()) == (0, 0)

    def test_an_unpaid_order_is_not_told(self, shop):
        shop.order_emails = "pack@example.com"
        shop.save()

        settle(make_order(), Bill.Status.REJECTED)

        assert not Mail.objects.exists()

    @pytest.mark.parametrize("text", ["not an address", "a@example.com; b@example.com", "a@example.com, b"])
    def test_addresses_that_are_none_are_refused(self, shop, text):
        from django.core.exceptions import ValidationError

        shop.order_emails = text
        with pytest.raises(ValidationError):
            shop.full_clean()


class TestSms:
    @pytest.fixture(autouse=True)
    def _provider(self, settings):
        settings.SMS_PROVIDER = "console"

    def test_the_shopper_gets_one_when_the_courier_sets_off(self, shop):
        order = make_paid_order()

        for _time in range(2):
            report_step(order, Kind.ON_THE_WAY)

        [text] = TextMessage.objects.all()
        assert (text.channel, text.to) == ("sms", order.delivery.phone)
        assert order.number in text.text

    @pytest.mark.parametrize("kind", [kind for kind in STEPS if kind != Kind.ON_THE_WAY])
    def test_no_other_step_costs_an_sms(self, kind):
        report_step(make_paid_order(), kind)

        assert not TextMessage.objects.exists()

    def test_the_shop_may_switch_it_off(self, shop):
        shop.sms_on_the_way = False
        shop.save()

        report_step(make_paid_order(), Kind.ON_THE_WAY)

        assert not TextMessage.objects.exists()

    def test_without_a_provider_there_is_none(self, settings):
        settings.SMS_PROVIDER = ""

        report_step(make_paid_order(), Kind.ON_THE_WAY)

        assert not TextMessage.objects.exists()

    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_it_fits_into_one_sms(self, language):
        assert len(write_sms(make_paid_order(language=language))) <= 70


def settle_again(order: Order) -> None:
    """The same news once more."""
    from shop.orders.services import catch_up

    catch_up(order=order)
