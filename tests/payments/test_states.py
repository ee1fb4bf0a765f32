"""The state machine, move by move."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from django.utils import timezone

from payments.models import Bill, BillEvent
from payments.providers.base import RemoteBill, RemoteStatus
from payments.states import settle_bill
from tests.factories.payments import BillFactory

LEGAL = {
    ("created", "waiting"),
    ("created", "paid"),
    ("created", "rejected"),
    ("created", "expired"),
    ("waiting", "paid"),
    ("waiting", "rejected"),
    ("waiting", "expired"),
    ("rejected", "paid"),
    ("expired", "paid"),
}
NEWS = ("waiting", "paid", "rejected", "expired")
TRAITS = {"created": {}, **{name: {name: True} for name in NEWS}}


def make_remote(bill: Bill, status: RemoteStatus) -> RemoteBill:
    return RemoteBill(
        external_id=str(bill.pk), account="9hh4jb-00", status=status, amount=bill.amount, currency="RUB"
    )


@pytest.mark.parametrize(("previous", "news"), list(product(TRAITS, NEWS)))
def test_only_legal_moves_are_made(previous, news):
    bill = BillFactory.build(**TRAITS[previous])

    result, _ = settle_bill(bill, make_remote(bill, RemoteStatus(news)), now=timezone.now())

    if previous == news:
        assert (result, bill.status) == (BillEvent.Result.UNCHANGED, previous)
    elif (previous, news) in LEGAL:
        assert (result, bill.status) == (BillEvent.Result.APPLIED, news)
    else:
        assert (result, bill.status) == (BillEvent.Result.IGNORED, previous)


@pytest.mark.parametrize("previous", ["rejected", "expired"])
def test_money_overrules_a_closed_bill_and_says_so(previous):
    bill = BillFactory.build(**TRAITS[previous])

    settle_bill(bill, make_remote(bill, RemoteStatus.PAID), now=timezone.now())

    assert bill.overruled
    assert bill.paid_at


def test_an_ordinary_payment_overrules_nothing():
    bill = BillFactory.build(waiting=True)

    settle_bill(bill, make_remote(bill, RemoteStatus.PAID), now=timezone.now())

    assert not bill.overruled


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("1249.99")},
        {"amount": Decimal("1250.001")},
        {"currency": "KZT"},
        {"account": "somebody-else"},
        {"external_id": "another"},
    ],
)
def test_a_bill_that_does_not_match_changes_nothing(change):
    bill = BillFactory.build(waiting=True)
    remote = replace(make_remote(bill, RemoteStatus.PAID), **change)

    result, detail = settle_bill(bill, remote, now=timezone.now())

    assert result == BillEvent.Result.MISMATCH
    assert next(iter(change)) in detail
    assert (bill.status, bill.paid_at, bill.account) == ("waiting", None, "9hh4jb-00")


def test_an_account_not_yet_known_is_frozen_by_the_first_answer():
    bill = BillFactory.build()

    settle_bill(bill, make_remote(bill, RemoteStatus.WAITING), now=timezone.now())

    assert bill.account == "9hh4jb-00"


def test_a_status_we_do_not_know_changes_nothing():
    bill = BillFactory.build(waiting=True)

    result, _ = settle_bill(bill, make_remote(bill, RemoteStatus.UNKNOWN), now=timezone.now())

    assert (result, bill.status) == (BillEvent.Result.UNKNOWN_STATUS, "waiting")
