"""What got lost is found again: by tasks that retry and jobs that sweep."""

from datetime import timedelta
from decimal import Decimal

import pytest
from celery.signals import task_prerun
from django.core.checks import run_checks
from django.utils import timezone

from core.tasks import enqueue
from payments import checks, jobs, services, tasks
from payments.models import Bill
from payments.providers.base import OutcomeUnknown, ProviderUnavailable
from tests.factories.payments import BillEventFactory, BillFactory

pytestmark = pytest.mark.django_db


def make_bill(qiwi_emulator, minutes_old: float = 0) -> Bill:
    bill = services.create_bill(
        amount=Decimal(10), comment="", expires_at=timezone.now() + timedelta(hours=1)
    )
    Bill.objects.filter(pk=bill.pk).update(created_at=timezone.now() - timedelta(minutes=minutes_old))
    return bill


def get_status(bill: Bill) -> str:
    return Bill.objects.get(pk=bill.pk).status


def test_a_bill_whose_opening_got_lost_is_opened(qiwi_emulator, eager_tasks):
    bill = make_bill(qiwi_emulator, minutes_old=2)

    assert jobs.open_waiting_bills() == 1
    assert get_status(bill) == "waiting"
    assert jobs.open_waiting_bills() == 0


def test_a_payment_nobody_told_us_of_is_found(qiwi_emulator, eager_tasks):
    bill = make_bill(qiwi_emulator)
    services.open_bill(bill_id=bill.pk)
    Bill.objects.update(opened_at=timezone.now() - timedelta(minutes=3))
    qiwi_emulator.pay(bill.pk)

    assert jobs.check_open_bills() == 1
    assert get_status(bill) == "paid"


def test_news_whose_task_got_lost_is_read(qiwi_emulator, eager_tasks):
    bill = make_bill(qiwi_emulator)
    services.open_bill(bill_id=bill.pk)
    Bill.objects.update(status="expired")
    BillEventFactory(bill=bill, received_at=timezone.now() - timedelta(minutes=2))
    qiwi_emulator.pay(bill.pk)

    assert jobs.check_open_bills() == 1
    assert get_status(bill) == "paid"


def test_a_rejection_whose_task_got_lost_is_done(qiwi_emulator, eager_tasks):
    bill = make_bill(qiwi_emulator)
    services.open_bill(bill_id=bill.pk)
    Bill.objects.update(reject_requested_at=timezone.now() - timedelta(minutes=2))

    assert jobs.reject_unwanted_bills() == 1
    assert qiwi_emulator.get(bill.pk).status == "REJECTED"


def test_a_bill_whose_expiry_the_provider_forgot_is_closed_there(qiwi_emulator, eager_tasks):
    bill = make_bill(qiwi_emulator)
    services.open_bill(bill_id=bill.pk)
    long_ago = timezone.now() - timedelta(hours=2)
    Bill.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(minutes=60))

    assert jobs.reject_unwanted_bills() == 1
    assert get_status(bill) == "rejected"


def test_one_run_takes_a_bounded_number(qiwi_emulator, eager_tasks, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(3):
        make_bill(qiwi_emulator, minutes_old=2)

    assert jobs.open_waiting_bills() == 2


def test_an_outage_leaves_one_try_a_minute_for_each_bill(account, eager_tasks):
    bill = account.open_bill()
    Bill.objects.update(opened_at=timezone.now() - timedelta(minutes=3))
    account.emulator.fail("*", times=None)
    tries = []

    def note(task, **_kwargs):
        tries.append(task.name)

    task_prerun.connect(note)
    for _minute in range(4):
        assert jobs.check_open_bills() == 1
    task_prerun.disconnect(note)

    assert tries == [tasks.sync_bill.name] * 4
    assert get_status(bill) == "waiting"


def test_what_a_job_sends_off_is_tried_once_and_what_a_shopper_does_again_and_again(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.reject_bill, "apply_async", lambda **options: sent.append(options["retries"]))
    BillFactory(waiting=True, reject_requested_at=timezone.now() - timedelta(minutes=2))

    jobs.reject_unwanted_bills()
    enqueue(tasks.reject_bill, bill_id="x")

    assert sent == [tasks.reject_bill.max_retries, 0]


def test_tasks_report_how_the_bill_stands(qiwi_emulator):
    bill = make_bill(qiwi_emulator)
    bill_id = str(bill.pk)

    assert tasks.open_bill(bill_id) == {"bill": bill_id, "status": "waiting"}
    assert tasks.sync_bill(bill_id) == {"bill": bill_id, "status": "waiting"}
    assert tasks.reject_bill(bill_id) == {"bill": bill_id, "status": "rejected"}


def test_a_refused_opening_is_no_reason_to_try_at_once(qiwi_emulator, settings):
    bill = make_bill(qiwi_emulator)
    settings.QIWI_SECRET_KEY = "wrong"

    assert tasks.open_bill(str(bill.pk)) == {
        "bill": str(bill.pk),
        "status": "created",
        "refused": "auth.unauthorized",
    }


@pytest.mark.parametrize("task", [tasks.open_bill, tasks.sync_bill, tasks.reject_bill])
def test_tasks_are_done_again_after_an_outage_and_after_a_crash(task):
    assert task.acks_late
    assert task.reject_on_worker_lost
    assert {ProviderUnavailable, OutcomeUnknown} <= set(task.autoretry_for)


def test_production_refuses_the_closed_bank(settings):
    settings.ENVIRONMENT = "production"
    for url in ("", "https://api.qiwi.com", "https://QIWI.com/"):
        settings.QIWI_API_URL = url
        assert [error.id for error in checks.check_qiwi()] == ["payments.E002"]

    settings.QIWI_API_URL = "https://emulator.example"
    assert checks.check_qiwi() == []


def test_a_provider_nobody_knows_or_without_a_key_stops_the_start(settings):
    settings.QIWI_SECRET_KEY = ""
    assert [error.id for error in checks.check_payment_provider(None)] == ["payments.E003"]
    settings.PAYMENT_PROVIDER = "os"
    assert [error.id for error in checks.check_payment_provider(None)] == ["payments.E001"]


def test_the_checks_are_registered(settings):
    settings.PAYMENT_PROVIDER = "os"

    assert "payments.E001" in [message.id for message in run_checks()]


def test_a_bill_names_itself_and_its_money():
    bill = BillFactory.build(amount=Decimal("10.00"))

    assert str(bill) == str(bill.pk)
    assert (bill.money.amount, bill.money.currency) == (Decimal("10.00"), "RUB")
    assert bill.is_open
    assert not bill.is_final
