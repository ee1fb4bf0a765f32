"""Two hundred at once at a real web server: nothing is sold twice, no click counts twice."""

from collections import Counter

import pytest
from django.db import OperationalError, connection

from payments.models import Bill
from shop.cart.models import CartLine
from shop.cart.services import add_to_cart
from shop.catalog.models import Lot, LotQuerySet
from shop.checkout.refusals import CheckoutRefused
from shop.delivery.models import Delivery
from shop.orders.models import Order
from tests.at_once import run_at_once
from tests.factories.accounts import UserFactory
from tests.factories.catalog import LotFactory, PackFactory
from tests.factories.orders import ZoneFactory, make_order, place, see, want

pytestmark = pytest.mark.faults
BUYERS = 200


def count_deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_two_hundred_buyers_of_the_last_pack_make_one_order(make_buyer):
    pack = PackFactory(stock=1)
    buyers = [make_buyer(pack) for _ in range(BUYERS)]
    by_page, by_api = buyers[:100], buyers[100:]
    run_at_once([buyer.open_checkout for buyer in by_page], at_once=20)
    assert all(buyer.form for buyer in by_page)
    before = count_deadlocks()

    answers = run_at_once([buyer.send_form for buyer in by_page] + [buyer.order_by_api for buyer in by_api])

    kinds = Counter(map(classify, answers))
    assert kinds["order"] == 1, kinds
    assert kinds["refusal"] == BUYERS - 1, kinds
    assert pack.lots.get().left == 0
    assert Order.objects.count() == Bill.objects.count() == Delivery.objects.count() == 1
    assert CartLine.objects.count() == BUYERS - 1
    assert count_deadlocks() == before


@pytest.mark.django_db(transaction=True)
def test_without_locks_the_last_pack_is_sold_to_many(monkeypatch, unguarded_stock):
    """The control: neither row locks nor the constraint behind them, and the same two hundred oversell."""
    monkeypatch.setattr(LotQuerySet, "locked", lambda self: self.order_by("pk"))
    pack, zone, calls = PackFactory(stock=1), ZoneFactory(), []
    for _buyer in range(BUYERS):
        user, wanted = UserFactory(), want(zone=zone)
        add_to_cart(user=user, pack_id=pack.pk)
        seen = see(user, wanted)
        calls.append(lambda user=user, wanted=wanted, seen=seen: try_to_place(user, wanted, seen))

    make_order()  # the first one ever writes down the shop's settings, and the others would wait for it

    run_at_once(calls, at_once=40)

    assert Order.objects.filter(lines__pack=pack).count() > 1
    assert pack.lots.get().left < 0


@pytest.fixture
def unguarded_stock(transactional_db: None):
    """A table of lots that takes less than nothing, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'shop_lot'::regclass AND contype = 'c' "
            "AND pg_get_constraintdef(oid) LIKE '%left%'"
        )
        guards = cursor.fetchall()
        for name, _rule in guards:
            cursor.execute(f'ALTER TABLE shop_lot DROP CONSTRAINT "{name}"')
    yield
    Lot.objects.filter(left__lt=0).update(left=0)
    with connection.cursor() as cursor:
        for name, rule in guards:
            cursor.execute(f'ALTER TABLE shop_lot ADD CONSTRAINT "{name}" {rule}')


def classify(answer) -> str:
    """What the shop said: an order, a clear refusal (the cart's page says why), or something it must not."""
    if answer.status == 201 or answer.location.startswith(("/pay/", "/orders/")):
        return "order"
    if answer.status == 409 or answer.location == "/cart/":
        return "refusal"
    return f"{answer.status} {answer.text[:200]}"


def test_two_hundred_carts_filled_the_other_way_round_all_become_orders(make_buyer):
    packs = [PackFactory(), PackFactory()]
    for pack in packs:
        for _lot in range(3):
            LotFactory(pack=pack, quantity=100)
    buyers = [make_buyer(*(packs if number % 2 else reversed(packs))) for number in range(BUYERS)]
    before = count_deadlocks()

    answers = run_at_once([buyer.order_by_api for buyer in buyers])

    assert Counter(answer.status for answer in answers) == {201: BUYERS}
    assert Order.objects.count() == BUYERS
    assert count_deadlocks() == before


@pytest.mark.django_db(transaction=True)
def test_without_the_order_of_the_locks_such_carts_do_lock_each_other_out(monkeypatch):
    """The control: were lots locked in any order, the test above would fail."""
    monkeypatch.setattr(
        LotQuerySet, "locked", lambda self: self.order_by("?").select_for_update(of=("self",))
    )
    packs, zone = [PackFactory(stock=10_000) for _pack in range(4)], ZoneFactory()
    make_order()  # the first one ever writes down the shop's settings, and the others would wait for it
    before, errors = count_deadlocks(), []

    for _round in range(5):  # whether two meet is chance
        if not errors:
            errors = [error for error in run_at_once(prepare_buyers(packs, zone)) if error]

    assert count_deadlocks() > before
    assert {type(error) for error in errors} == {OperationalError}


def prepare_buyers(packs, zone, number=40):
    """So many buyers of all the packs, each with a slot of their own: nobody waits there."""
    calls = []
    for _buyer in range(number):
        user, wanted = UserFactory(), want(zone=zone)
        for pack in packs:
            add_to_cart(user=user, pack_id=pack.pk)
        seen = see(user, wanted)
        calls.append(lambda user=user, wanted=wanted, seen=seen: try_to_place(user, wanted, seen))
    return calls


def try_to_place(user, wanted, seen) -> Exception | None:
    try:
        place(user, wanted, seen=seen)
    except (OperationalError, CheckoutRefused) as error:
        return error
    finally:
        connection.close()
    return None


def test_twenty_clicks_at_once_make_one_order_and_one_bill(shop_stack, make_buyer):
    pack = PackFactory(stock=100)
    buyer = make_buyer(pack)
    buyer.open_checkout()

    answers = run_at_once([buyer.send_form] * 20)

    order = Order.objects.get()
    assert {answer.status for answer in answers} == {302}
    assert {answer.location.rstrip("/").rsplit("/")[-1] for answer in answers} <= {
        order.number,
        str(order.bill_id),
    }
    assert [bill.bill_id for bill in shop_stack.provider.emulator.book.list_all()] == [str(order.bill_id)]
    assert pack.lots.get().left == 99


def test_twenty_posts_with_one_key_make_one_order_and_another_cart_is_refused(make_buyer):
    buyer = make_buyer(PackFactory(stock=100))

    answers = run_at_once([buyer.order_by_api] * 20)

    order = Order.objects.get()
    assert {(answer.status, order.number in answer.text) for answer in answers} == {(201, True)}
    assert Bill.objects.count() == 1
    add_to_cart(user=buyer.user, pack_id=PackFactory(stock=5).pk)
    other = buyer.order_by_api()
    assert (other.status, "idempotency_conflict" in other.text) == (409, True)
    assert Order.objects.count() == Bill.objects.count() == 1
    assert CartLine.objects.count() == 1
