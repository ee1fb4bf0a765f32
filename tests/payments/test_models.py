"""What the database itself never lets happen to a bill, and which bills need what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from payments.models import Bill, BillEvent
from tests.factories.payments import BillEventFactory, BillFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "broken",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal(-1)},
        {"status": "lost"},
        {"status": "paid"},
        {"paid_at": timezone.now()},
        {"status": "waiting"},
        {"overruled": True},
        {"expires_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_a_senseless_bill_cannot_be_kept(broken):
    with pytest.raises(IntegrityError):
        BillFactory(**broken)


def test_a_message_is_kept_once():
    event = BillEventFactory()

    with pytest.raises(IntegrityError):
        BillEventFactory(dedupe_key=event.dedupe_key)


def test_two_bills_never_share_a_number_at_the_provider():
    bill = BillFactory()

    with pytest.raises(IntegrityError):
        BillFactory(external_id=bill.external_id)


def make(minutes_old: float, **values) -> Bill:
    return BillFactory(created_at=timezone.now() - timedelta(minutes=minutes_old), **values)


def test_bills_that_should_be_open_and_are_not_need_opening():
    now = timezone.now()
    lost = make(1)
    tried_long_ago = make(5, opening_at=now - timedelta(minutes=2))
    make(0)  # its own request is about to open it
    make(5, opening_at=now)
    make(5, reject_requested_at=now)
    make(120)  # its time has passed
    make(5, waiting=True)

    assert set(Bill.objects.needing_opening(now)) == {lost, tried_long_ago}


@pytest.mark.parametrize(
    ("opened_ago", "checked_ago", "is_due"),
    [(1, None, False), (3, None, True), (6, 3, False), (8, 6, True), (30, 10, False), (30, 16, True)],
)
def test_open_bills_are_asked_about_at_growing_intervals(opened_ago, checked_ago, is_due):
    now = timezone.now()
    checked_at = now - timedelta(minutes=checked_ago) if checked_ago else None
    make(opened_ago, waiting=True, checked_at=checked_at)

    assert Bill.objects.needing_check(now).exists() == is_due


@pytest.mark.parametrize("trait", ["paid", "rejected", "expired"])
def test_final_bills_are_left_in_peace(trait):
    make(120, **{trait: True})

    assert not Bill.objects.needing_check(timezone.now()).exists()
    assert not Bill.objects.needing_reject(timezone.now()).exists()


def test_bills_past_their_time_are_asked_about_every_minute():
    now = timezone.now()
    unopened = make(61)
    waiting = make(61, waiting=True, checked_at=now - timedelta(minutes=2))
    make(61, waiting=True, checked_at=now)

    assert set(Bill.objects.needing_check(now)) == {unopened, waiting}


def test_unread_news_is_looked_after_whatever_the_bill():
    now = timezone.now()
    bill = make(61, expired=True)
    BillEventFactory(bill=bill, received_at=now - timedelta(minutes=2))
    BillEventFactory(bill=make(61, expired=True), received_at=now)
    BillEventFactory(
        bill=make(61, expired=True),
        received_at=now - timedelta(minutes=2),
        processed_at=now,
        result="unchanged",
    )

    assert list(Bill.objects.needing_check(now)) == [bill]


def test_unwanted_and_forgotten_bills_need_a_rejection():
    now = timezone.now()
    unwanted = make(5, waiting=True, reject_requested_at=now - timedelta(minutes=1))
    forgotten = make(95, waiting=True)
    make(61, waiting=True)

    assert set(Bill.objects.needing_reject(now)) == {unwanted, forgotten}


def test_every_alarm_is_a_result():
    assert set(BillEvent.ALARMS) < set(BillEvent.Result.values)
