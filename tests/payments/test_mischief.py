"""Notifications that really travel: late, doubled, at once, reordered, lost, forged, wrong, replayed."""

import time
from collections import Counter

import pytest
import requests

from payments import services
from payments.models import Bill, BillEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(account, live_server, eager_tasks):
    """The provider notifies a shop that listens."""
    account.emulator.notify(live_server.url + account.callback)
    yield account
    account.emulator.notify("")


def wait_for(found, seconds: float = 5.0) -> None:
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


@pytest.mark.parametrize(("action", "copies"), [("double", 3), ("at_once", 20)])
def test_many_copies_are_one_payment(told, heard, action, copies):
    bill = told.open_bill()
    pull(told, "webhooks", action=action, copies=copies)

    told.pay(bill)
    wait_for(lambda: get_states(told)["delivered"] == copies)

    assert Bill.objects.get().status == "paid"
    assert heard == [("created", "waiting"), ("waiting", "paid")]
    assert BillEvent.objects.filter(source="webhook").count() == 1


def test_a_late_one_comes_late(told):
    bill = told.open_bill()
    pull(told, "webhooks", action="late", seconds=0.4)

    told.pay(bill)
    assert get_states(told) == {"pending": 1}
    assert Bill.objects.get().status == "waiting"
    wait_for(lambda: Bill.objects.get().status == "paid")


def test_a_lost_one_never_comes_and_is_asked_for(told):
    bill = told.open_bill()
    pull(told, "webhooks", action="lost")

    told.pay(bill)
    assert get_states(told) == {"lost": 1}
    assert services.sync_bill(bill_id=bill.pk).status == "paid"


def test_a_later_one_overtakes_an_earlier(told):
    first, second = told.open_bill(), told.open_bill()
    pull(told, "webhooks", action="reorder")

    told.pay(first)
    told.pay(second)
    wait_for(lambda: get_states(told)["delivered"] == 2)

    order = BillEvent.objects.filter(source="webhook").order_by("pk").values_list("bill_id", flat=True)
    assert list(order) == [second.pk, first.pk]
    assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}


@pytest.mark.parametrize("action", ["forged", "wrong_amount", "wrong_currency", "wrong_site"])
def test_a_lie_pays_nothing_more_than_the_truth(told, heard, action):
    bill = told.open_bill()
    pull(told, "webhooks", action=action, times=1)

    told.decline(bill)
    wait_for(lambda: get_answers(told))

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


def test_latency_and_expiry_lag_are_levers_too(told):
    pull(told, "latency", seconds=0.2)
    started = time.monotonic()
    bill = told.open_bill()
    assert time.monotonic() - started >= 0.2

    pull(told, "latency", seconds=0)
    pull(told, "expiry-lag", seconds=600)
    pull(told, "clock", seconds=3900)
    assert told.find(bill).status == "WAITING"
    pull(told, "expiry-lag", seconds=0)
    assert told.find(bill).status == "EXPIRED"


def test_a_lever_nobody_knows_is_refused(told):
    address = f"{told.emulator.url}/__control__/webhooks"
    assert requests.post(address, json={"action": "explode"}, timeout=5).status_code == 400
    assert requests.post(f"{told.emulator.url}/__control__/explode", json={}, timeout=5).status_code == 404
