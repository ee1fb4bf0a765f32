"""A thousand notifications that must not be believed: none is, and none is answered with an error of ours."""

from collections import Counter

import pytest
from django.test import Client

from payments import services
from payments.models import Bill, BillEvent
from tests.fixtures.payments import Account
from tests.payments.mutations import mutate

pytestmark = pytest.mark.django_db
ELSEWHERE = "203.0.113.7"
QUICK, ALL = 100, 1000


def check(account, count: int) -> None:
    """Post the mutants of a true letter about a bill that is *not* paid; YooKassa's come from elsewhere."""
    bill, example = account.open_bill(), account.open_bill()
    account.pay(example)
    letter = account.write_letter(example)
    true = letter.body.replace(str(example.pk), str(bill.pk)).replace(example.external_id, bill.external_id)
    letter = type(letter)(bill.external_id, letter.status, true, letter.headers)
    BillEvent.objects.all().delete()
    answers: Counter[int] = Counter()
    client = Client(raise_request_exception=True)

    for mutant in mutate(letter, count, seed=17):
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in mutant.headers.items()}
        answer = client.generic(
            "POST", account.callback, mutant.body, mutant.content_type, REMOTE_ADDR=ELSEWHERE, **headers
        )
        answers[answer.status_code] += 1
        assert answer.status_code in {400, 403, 413}, (mutant.story, mutant.body[:300], mutant.headers)

    assert answers.total() == count
    assert list(BillEvent.objects.values("source", "result", "payload", "detail")) == []
    assert Bill.objects.get(pk=bill.pk).status == "waiting"
    assert services.sync_bill(bill_id=bill.pk).status == "waiting"


def test_mutated_notifications_are_never_believed(account):
    check(account, QUICK)


@pytest.mark.faults
def test_a_thousand_mutated_notifications_are_never_believed(account):
    check(account, ALL)


def check_from_inside(account, count: int) -> None:
    """YooKassa's own addresses may send anything: it is kept at most, and its claim is never applied."""
    bill = account.open_bill()
    account.decline(account.open_bill())
    account.pay(account.open_bill())
    letter = account.write_letter(Bill.objects.order_by("created_at").last())
    answers: Counter[int] = Counter()
    for mutant in mutate(letter, count, seed=23):
        answer = Client().generic("POST", account.callback, mutant.body, mutant.content_type)
        answers[answer.status_code] += 1
        assert answer.status_code in {200, 400, 403, 413}, (mutant.story, mutant.body[:300])

    assert Bill.objects.get(pk=bill.pk).status == "waiting"
    assert set(Bill.objects.values_list("status", flat=True)) == {"waiting"}  # nobody asked YooKassa yet
    assert answers[400]


def test_even_from_trusted_addresses_nothing_breaks(yookassa_emulator, settings):
    check_from_inside(Account("yookassa", yookassa_emulator, settings), QUICK)
