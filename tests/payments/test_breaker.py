"""A provider that keeps failing is left alone, and tried again soon."""

import time

import pytest
from django.core.cache import cache

from payments import breaker, services
from payments.breaker import FAILURES, ProviderResting, guard, is_open
from payments.models import Bill, BillEvent
from payments.providers.base import AuthFailed, NotFound, OutcomeUnknown, ProviderUnavailable


def call(error: Exception | None = None) -> None:
    with guard("qiwi"):
        if error:
            raise error


def fail(times: int, error: type[Exception] = ProviderUnavailable) -> None:
    for _ in range(times):
        with pytest.raises(error):
            call(error("x"))


def pass_half_a_minute() -> None:
    cache.delete("payments:breaker:qiwi:open")


def test_it_opens_after_so_many_failures_in_a_row_and_not_before():
    fail(FAILURES - 1)
    assert not is_open("qiwi")
    fail(1, OutcomeUnknown)

    assert is_open("qiwi")
    with pytest.raises(ProviderResting):
        call()


def test_a_success_or_an_honest_no_ends_the_row():
    fail(FAILURES - 1)
    call()
    fail(FAILURES - 1)
    with pytest.raises(NotFound):
        call(NotFound())
    fail(FAILURES - 1)

    assert not is_open("qiwi")


def test_one_provider_says_nothing_about_another():
    fail(FAILURES)
    with guard("yookassa"):
        assert not is_open("yookassa")


def test_a_wrong_key_opens_it_at_once():
    fail(1, AuthFailed)
    assert is_open("qiwi")


def test_after_its_rest_one_call_is_let_through_and_its_success_closes_it():
    fail(FAILURES)
    pass_half_a_minute()

    with guard("qiwi"), pytest.raises(ProviderResting):
        call()

    call()
    call()


def test_after_its_rest_one_failure_opens_it_again():
    fail(FAILURES)
    pass_half_a_minute()
    fail(1)

    assert is_open("qiwi")


def test_without_redis_there_is_no_breaker(monkeypatch):
    monkeypatch.setattr(cache, "get_many", lambda keys: {})
    for name in ("get", "incr", "set", "delete_many", "add"):
        monkeypatch.setattr(cache, name, lambda *args, **kwargs: None)

    fail(FAILURES * 2)
    call()


@pytest.mark.django_db
class TestUse:
    def test_opening_a_bill_fails_fast_while_it_is_open(self, account):
        account.emulator.fail("*", "drop_before", times=None)
        for _ in range(FAILURES):
            with pytest.raises((ProviderUnavailable, OutcomeUnknown)):
                services.open_bill(bill_id=account.make_bill().pk, timeout=0.3)
        account.emulator.heal()
        asked = len(account.emulator.requests)
        started = time.monotonic()

        with pytest.raises(ProviderResting):
            services.open_bill(bill_id=account.make_bill().pk)

        assert time.monotonic() - started < 0.1
        assert len(account.emulator.requests) == asked

    def test_the_last_known_state_is_shown_while_it_is_open(self, account):
        bill = account.open_bill()
        breaker._open(account.code, reason="test")

        assert services.describe_bill(bill_id=bill.pk).stale
        assert services.describe_bill(bill_id=bill.pk).pay_url == bill.pay_url

    def test_notifications_are_taken_while_it_is_open(self, account):
        bill = account.open_bill()
        account.pay(bill)
        breaker._open(account.code, reason="test")

        assert account.deliver(account.write_letter(bill)).status_code == 200
        assert BillEvent.objects.filter(source="webhook", processed_at=None).count() == 1
        assert Bill.objects.get().status == "waiting"
