"""Notifications that really travel: late, doubled, at once, reordered, lost, forged, wrong, replayed."""

import time
from collections import Counter

import pytest
import requests

from payments import services
from payments.models import Bill, BillEvent
from tests.fixtures.payments import Account


@pytest.fixture(params=["qiwi", pytest.param("yookassa", marks=pytest.mark.faults)])
def account(request, settings) -> Account:
    """Quickly, only QIWI's notifications travel: what they do here is the contract's for all."""
    emulator = request.getfixturevalue(f"{request.param}_emulator")
    return Account(request.param, emulator, settings)


@pytest.fixture
def told(account, transactional_db, live_server, eager_tasks):
    """The provider notifies a shop that listens."""
    account.emulator.notify(live_server.url + account.callback)
    yield account
    account.emulator.notify("")


def wait_for(found, seconds: float = 15.0) -> None:
    until = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


def get_states(account) -> Counter[str]:
    return Counter(item["state"] for item in account.emulator.deliveries)


def get_answers(account) -> list[str]:
    return [attempt["answer"][:3] for item in account.emulator.deliveries for attempt in item["tries"]]


def pull(account, lever: str, **data):
    answer = requests.post(f"{account.emulator.url}/__control__/{lever}", json=data, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_many_copies_are_one_payment(told, heard):
    for action, copies in (("double", 3), ("at_once", 20)):
        bill = told.open_bill()
        heard.clear()
        pull(told, "webhooks", action=action, copies=copies)

        told.pay(bill)
        wait_for(lambda copies=copies: get_states(told)["delivered"] == copies, seconds=20)

        assert Bill.objects.get(pk=bill.pk).status == "paid"
        assert heard == [("waiting", "paid")]
        assert BillEvent.objects.filter(source="webhook", bill=bill).count() == 1
        told.emulator.emulator.postman.clear()


def test_a_late_one_comes_late_and_a_lost_one_never(told):
    late, lost = told.open_bill(), told.open_bill()
    pull(told, "webhooks", action="late", seconds=0.5)
    pull(told, "webhooks", action="lost")

    told.pay(late)
    told.pay(lost)
    assert get_states(told) == {"pending": 1, "lost": 1}
    assert set(Bill.objects.values_list("status", flat=True)) == {"waiting"}
    wait_for(lambda: Bill.objects.get(pk=late.pk).status == "paid")

    assert Bill.objects.get(pk=lost.pk).status == "waiting"
    assert services.sync_bill(bill_id=lost.pk).status == "paid"


def test_a_later_one_overtakes_an_earlier(told):
    first, second = told.open_bill(), told.open_bill()
    pull(told, "webhooks", action="reorder")

    told.pay(first)
    told.pay(second)
    wait_for(lambda: get_states(told)["delivered"] == 2)

    order = BillEvent.objects.filter(source="webhook").order_by("pk").values_list("bill_id", flat=True)
    assert list(order) == [second.pk, first.pk]
    assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}


def test_a_lie_pays_nothing_more_than_the_truth(told, heard):
    for action in ("forged", "wrong_amount", "wrong_currency", "wrong_site"):
        bill = told.open_bill()
        pull(told, "webhooks", action=action, times=1)
        told.decline(bill)
    wait_for(lambda: len({item["bill_id"] for item in told.emulator.deliveries if item["tries"]}) == 4)

    assert Bill.objects.exclude(status__in=("waiting", "rejected")).count() == 0
    assert ("waiting", "paid") not in heard


def test_a_replay_after_a_day_changes_nothing(told, heard):
    bill = told.open_bill()
    told.pay(bill)
    wait_for(lambda: Bill.objects.get().status == "paid")
    pull(told, "clock", seconds=25 * 3600)

    pull(told, "replay")
    wait_for(lambda: get_states(told)["delivered"] == 2)

    assert get_answers(told) == ["200", "200"]
    assert heard == [("created", "waiting"), ("waiting", "paid")]


@pytest.mark.django_db
def test_latency_and_expiry_lag_are_levers_too(account):
    pull(account, "latency", seconds=0.2)
    started = time.monotonic()
    bill = account.open_bill()
    assert time.monotonic() - started >= 0.2

    pull(account, "latency", seconds=0)
    pull(account, "expiry-lag", seconds=600)
    pull(account, "clock", seconds=3900)
    assert account.find(bill).status == "WAITING"
    pull(account, "expiry-lag", seconds=0)
    assert account.find(bill).status == "EXPIRED"


def test_a_lever_nobody_knows_is_refused(account):
    address = f"{account.emulator.url}/__control__/webhooks"
    assert requests.post(address, json={"action": "explode"}, timeout=5).status_code == 400
    assert requests.post(f"{account.emulator.url}/__control__/explode", json={}, timeout=5).status_code == 404
