"""What must hold with every provider: the same stories, told once for each that is present."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from payments import breaker, exchange, facade, jobs, services
from payments.models import Bill, BillEvent
from payments.providers.base import AuthFailed, OutcomeUnknown, ProviderUnavailable
from payments.signals import bill_changed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch):
    """These stories are about providers; the breaker has its own."""
    monkeypatch.setattr(breaker, "FAILURES", 10_000)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do what follows a commit, as it would be followed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def reload(bill: Bill) -> Bill:
    return Bill.objects.get(pk=bill.pk)


def age(bill: Bill, **past: float) -> None:
    """Let the bill have been made that long ago."""
    then = timezone.now() - timedelta(**past)
    Bill.objects.filter(pk=bill.pk).update(created_at=then, opening_at=then, opened_at=then)


class TestPaying:
    def test_a_bill_is_made_paid_told_and_applied(self, account, commit, eager_tasks, heard):
        bill = account.open_bill()
        assert (bill.status, bill.can_be_paid) == ("waiting", True)
        assert bill.pay_url.startswith(account.emulator.url)

        account.pay(bill)
        with commit():
            answer = account.deliver(account.write_letter(bill))

        assert answer.status_code == 200
        assert account.emulator.emulator.is_taken(answer.status_code, answer.content)
        assert (reload(bill).status, reload(bill).overruled) == ("paid", False)
        assert heard == [("created", "waiting"), ("waiting", "paid")]

    def test_five_repetitions_and_one_a_day_later_change_nothing_more(
        self, account, commit, eager_tasks, heard
    ):
        bill = account.open_bill()
        account.pay(bill)
        letter = account.write_letter(bill)

        for _ in range(5):
            with commit():
                assert account.deliver(letter).status_code == 200
        age(bill, hours=25)
        with commit():
            assert account.deliver(letter).status_code == 200

        assert heard == [("created", "waiting"), ("waiting", "paid")]
        assert BillEvent.objects.filter(source="webhook").count() == 1

    def test_news_before_the_answer_to_our_request_is_stored_is_not_lost(
        self, account, commit, eager_tasks, heard, monkeypatch
    ):
        create, bill = exchange._create, account.make_bill()

        def pay_meanwhile(*args):
            remote = create(*args)
            account.pay(bill)
            with commit():
                assert account.deliver(account.write_letter(bill)).status_code == 200
            return remote

        monkeypatch.setattr(exchange, "_create", pay_meanwhile)
        services.open_bill(bill_id=bill.pk)

        assert reload(bill).status == "paid"
        assert heard == [("created", "paid")]

    def test_news_that_never_comes_is_asked_for(self, account, eager_tasks):
        bill = account.open_bill()
        account.pay(bill)
        Bill.objects.update(opened_at=timezone.now() - timedelta(minutes=3))

        assert jobs.check_open_bills() == 1
        assert reload(bill).status == "paid"

    def test_older_news_after_newer_is_harmless(self, account, commit, eager_tasks, heard):
        bill = account.open_bill()
        account.pay(bill)
        told = [account.write_letter(bill)]
        number = account.find(bill).bill_id
        for status in ("EXPIRED", "REJECTED"):  # what the provider never was, told all the same
            lie = replace(account.emulator.emulator.book.get(number), status=status)
            told.append(account.emulator.emulator.write_letter(lie))

        for letter in told:
            with commit():
                assert account.deliver(letter).status_code == 200

        assert reload(bill).status == "paid"
        assert heard == [("created", "waiting"), ("waiting", "paid")]
        assert not BillEvent.objects.filter(processed_at=None).exists()


class TestLies:
    @pytest.mark.parametrize("lie", ["wrong_amount", "wrong_currency", "wrong_site"])
    def test_a_lie_in_a_notification_changes_nothing(self, account, commit, eager_tasks, heard, lie):
        bill = account.open_bill()
        heard.clear()
        account.decline(bill)
        letter = account.write_letter(bill, lie)

        with commit():
            assert account.deliver(letter).status_code == 200

        assert reload(bill).status == "rejected"  # what the provider says, not the letter
        assert heard == [("waiting", "rejected")]

    @pytest.mark.parametrize("field", ["value", "currency", "site_id"])
    def test_a_payment_that_is_not_ours_is_an_alarm_and_no_payment(self, account, heard, field):
        bill = account.open_bill()
        account.pay(bill)
        wrong = {"value": "1.00", "currency": "KZT", "site_id": "somebody"}[field]
        number = account.find(bill).bill_id
        account.emulator.emulator.book.amend(number, lambda known: replace(known, **{field: wrong}))

        assert services.sync_bill(bill_id=bill.pk).status == "waiting"
        assert heard == [("created", "waiting")]
        assert BillEvent.objects.filter(result="mismatch").count() == 1

    def test_a_forged_one_pays_nothing(self, account, commit, eager_tasks, heard):
        bill = account.open_bill()
        account.decline(bill)
        heard.clear()
        forged = account.write_letter(bill, "forged")

        with commit():
            elsewhere = account.deliver(forged, REMOTE_ADDR="203.0.113.7")

        assert elsewhere.status_code == 403
        assert not BillEvent.objects.filter(source="webhook").exists()
        assert heard == []

    def test_a_true_one_that_claims_money_nobody_paid_is_only_a_question(
        self, account, commit, eager_tasks, heard
    ):
        bill, other = account.open_bill(), account.open_bill()
        account.pay(other)
        letter = account.write_letter(other)
        heard.clear()

        with commit():
            account.deliver(letter)

        assert reload(bill).status == "waiting"
        assert heard == [("waiting", "paid")]


class TestRejecting:
    def test_rejected_then_paid_is_paid_and_seen(self, account, heard):
        """The provider closes it first, or can't: either way a payment after our wish is never lost."""
        bill = account.open_bill()
        after = services.reject_bill(bill_id=bill.pk)
        can_close = after.status == "rejected"
        assert not after.can_be_paid

        account.pay(bill)
        services.sync_bill(bill_id=bill.pk)

        assert reload(bill).status == ("rejected" if can_close else "paid")
        assert reload(bill).status == account.find(bill).status.lower()

    def test_paid_then_rejected_is_paid(self, account, heard):
        bill = account.open_bill()
        account.pay(bill)

        assert services.reject_bill(bill_id=bill.pk).status == "paid"
        assert heard == [("created", "waiting"), ("waiting", "paid")]

    def test_a_bill_nobody_can_close_is_shown_no_more(self, account):
        bill = account.open_bill()
        account.emulator.fail("reject", times=None)
        account.emulator.fail("fetch", times=None)

        with pytest.raises((ProviderUnavailable, OutcomeUnknown)):
            services.reject_bill(bill_id=bill.pk)

        assert services.describe_bill(bill_id=bill.pk).pay_url == ""


class TestFailing:
    @pytest.mark.parametrize("fault", ["drop_after", "truncate", "html", "empty", "status_after"])
    def test_a_lost_answer_makes_no_second_bill(self, account, fault):
        bill = account.make_bill()
        account.emulator.fail("create", fault, times=None)
        account.emulator.fail("fetch", times=None)
        account.emulator.fail("list", times=None)
        with pytest.raises((OutcomeUnknown, ProviderUnavailable)):
            services.open_bill(bill_id=bill.pk)
        assert reload(bill).status == "created"

        account.emulator.heal()
        opened = services.open_bill(bill_id=bill.pk)

        assert opened.status == "waiting"
        assert opened.external_id == account.find(bill).bill_id
        assert len(account.bills) == 1

    def test_a_lost_answer_is_found_again_without_asking_for_a_bill(self, account):
        bill = account.make_bill()
        account.emulator.fail("create", "drop_after", times=None)

        assert services.open_bill(bill_id=bill.pk).status == "waiting"
        assert len(account.bills) == 1

    def test_a_lost_answer_whose_bill_was_paid_is_found_by_asking(self, account):
        bill = account.make_bill()
        account.emulator.fail("create", "drop_after", times=3)
        account.emulator.fail("fetch", times=3)
        account.emulator.fail("list", times=3)
        with pytest.raises((OutcomeUnknown, ProviderUnavailable)):
            services.open_bill(bill_id=bill.pk)
        account.pay(bill)

        assert services.sync_bill(bill_id=bill.pk).status == "paid"

    def test_a_storm_of_errors_ends_in_one_paid_bill(self, account, commit, eager_tasks, heard):
        bill = account.make_bill()
        chance = random.Random(17)
        storm = ["status", "status_after", "drop_before", "drop_after", "html", "empty", "unauthorized"]
        for _ in range(40):
            account.emulator.fail("*", chance.choice(storm), status=chance.choice([500, 502, 429]))

        for _ in range(60):
            try:
                with commit():
                    bill = services.open_bill(bill_id=bill.pk)
            except (ProviderUnavailable, OutcomeUnknown, AuthFailed):
                assert len(account.bills) <= 1
            breaker._close(account.code)  # half a minute later
        account.emulator.heal()
        bill = services.open_bill(bill_id=bill.pk)
        account.pay(bill)
        services.sync_bill(bill_id=bill.pk)

        assert reload(bill).status == "paid"
        assert len(account.bills) == 1
        assert heard[-1] == ("waiting", "paid")

    def test_a_provider_that_is_away_for_an_hour_loses_nothing(self, account, eager_tasks):
        bill = account.make_bill(expires_at=timezone.now() + timedelta(hours=2))
        with account.being_away():
            for _ in range(3):
                with pytest.raises(ProviderUnavailable):
                    services.open_bill(bill_id=bill.pk, timeout=0.3)
        Bill.objects.update(opening_at=timezone.now() - timedelta(minutes=61))

        assert jobs.open_waiting_bills() == 1
        assert reload(bill).status == "waiting"

    def test_a_wrong_key_is_an_alarm_and_leaves_the_bill_to_be_opened_later(self, account, settings):
        bill = account.make_bill()
        name = f"{account.code.upper()}_SECRET_KEY"
        right = getattr(settings, name)
        setattr(settings, name, "wrong")

        with pytest.raises(AuthFailed):
            services.open_bill(bill_id=bill.pk)
        assert BillEvent.objects.get().result == "refused"
        assert breaker.is_open(account.code)

        setattr(settings, name, right)
        breaker._close(account.code)
        assert services.open_bill(bill_id=bill.pk).status == "waiting"

    def test_a_bill_the_provider_will_never_take_is_closed_at_once(self, account, heard):
        bill = account.make_bill()
        Bill.objects.update(currency="USD")

        refused = services.open_bill(bill_id=bill.pk)

        assert (refused.status, refused.opened_at) == ("rejected", None)
        assert heard == [("created", "rejected")]
        assert BillEvent.objects.get().result == "refused"
        assert account.bills == []

    @pytest.mark.parametrize("fault", ["drip", "drip_headers"])
    def test_a_dripping_answer_does_not_outlast_its_deadline(self, account, fault, monkeypatch):
        monkeypatch.setattr(facade, "TIMEOUT", 0.4)
        bill = account.open_bill()
        account.emulator.fail("fetch", fault, times=None, seconds=0.05)
        started = time.monotonic()

        assert services.describe_bill(bill_id=bill.pk).stale is True
        assert time.monotonic() - started < 1.2


class TestExpiring:
    def test_a_bill_expires_when_its_provider_says_so_and_no_sooner(self, account, eager_tasks, heard):
        bill = account.open_bill()
        account.emulator.emulator.book.expiry_lag = timedelta(minutes=20)
        Bill.objects.update(created_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now())
        account.emulator.move_clock(seconds=3700)

        assert services.sync_bill(bill_id=bill.pk).status == "waiting"
        account.emulator.move_clock(seconds=3600 + 21 * 60)
        assert services.sync_bill(bill_id=bill.pk).status == "expired"
        assert heard[1:] == [("waiting", "expired")]

    def test_a_bill_paid_while_its_expiry_lagged_is_paid(self, account, heard):
        bill = account.open_bill()
        account.emulator.emulator.book.expiry_lag = timedelta(minutes=20)
        account.emulator.move_clock(seconds=3700)
        account.pay(bill)

        assert services.sync_bill(bill_id=bill.pk).status == "paid"


class TestKeys:
    def test_one_bill_asked_for_ten_times_is_one_bill(self, account):
        bill = account.make_bill()
        for _ in range(10):
            services.open_bill(bill_id=bill.pk)
            Bill.objects.update(status="created", opened_at=None, external_id="", pay_url="")

        assert len(account.bills) == 1

    def test_a_number_used_for_another_sum_is_an_alarm_and_no_payment(self, account):
        bill = account.open_bill()
        Bill.objects.update(status="created", opened_at=None, amount="1.00")

        assert services.open_bill(bill_id=bill.pk).status == "created"
        assert BillEvent.objects.filter(result="mismatch").count() == 1
        assert len(account.bills) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_notifications_at_once_are_one_change(account, eager_tasks, heard):
    bill = account.open_bill()
    account.pay(bill)
    letter = account.write_letter(bill)

    def deliver(_number: int) -> int:
        try:
            return account.deliver(letter, Client()).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(deliver, range(20)))

    assert answers == [200] * 20
    assert BillEvent.objects.filter(source="webhook").count() == 1
    assert reload(bill).status == "paid"
    assert heard == [("created", "waiting"), ("waiting", "paid")]


@pytest.mark.django_db(transaction=True)
def test_payment_and_rejection_at_once_agree_with_the_provider(account, eager_tasks):
    bills = [account.open_bill() for _ in range(4)]

    def run(job) -> None:
        try:
            job()
        finally:
            connections.close_all()

    def pay(bill):
        account.pay(bill)
        services.sync_bill(bill_id=bill.pk)

    stories = [lambda bill=bill: pay(bill) for bill in bills]
    stories += [lambda bill=bill: services.reject_bill(bill_id=bill.pk) for bill in bills]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, stories))

    for bill in bills:
        assert reload(bill).status == account.find(bill).status.lower()


def test_a_receiver_that_fails_undoes_the_payment_which_is_found_again(account):
    bill = account.open_bill()
    account.pay(bill)

    def fail(**_kwargs):
        raise RuntimeError

    bill_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            services.sync_bill(bill_id=bill.pk)
    finally:
        bill_changed.disconnect(fail)
    assert services.sync_bill(bill_id=bill.pk).status == "paid"
