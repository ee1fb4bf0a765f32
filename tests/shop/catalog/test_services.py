from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import override

from shop.catalog.models import Lot, LotQuerySet, Pack, StockMovement
from shop.catalog.services import (
    OutOfStock,
    TakenLot,
    get_offer,
    get_offers,
    receive_lot,
    return_stock,
    take_stock,
    write_off,
)
from tests.factories.catalog import BerryFactory, LotFactory, PackFactory, make_expired_lot

pytestmark = pytest.mark.django_db

BUYERS = 50
LAST_PACKS = 3


def days(number: int) -> timedelta:
    return timedelta(days=number)


def assert_books_balance() -> None:
    """What is left of each lot is the sum of its movements."""
    lots = Lot.objects.annotate(sum=Sum("movements__quantity"))
    assert [(lot.pk, lot.left) for lot in lots] == [(lot.pk, lot.sum) for lot in lots]


def list_left(pack: Pack) -> list[int]:
    return list(pack.lots.order_by("pk").values_list("left", flat=True))


# --- Receiving --------------------------------------------------------------------


def test_receive_lot_puts_a_harvest_into_stock_and_says_so():
    pack = PackFactory()
    today = timezone.localdate()

    lot = receive_lot(
        pack=pack, quantity=12, harvested_on=today, best_before=today + days(4), farm_ru="Ферма"
    )

    assert (lot.left, lot.received, lot.farm_ru) == (12, 12, "Ферма")
    movement = StockMovement.objects.get()
    assert (movement.lot, movement.kind, movement.quantity) == (lot, "received", 12)
    assert_books_balance()


@pytest.mark.parametrize(("quantity", "keeps"), [(0, 4), (-1, 4), (10**10, 4), (5, -1)])
def test_receive_lot_refuses_nonsense(quantity, keeps):
    pack = PackFactory()
    today = timezone.localdate()

    with pytest.raises(ValidationError):
        receive_lot(pack=pack, quantity=quantity, harvested_on=today, best_before=today + days(keeps))

    assert not Lot.objects.exists()
    assert not StockMovement.objects.exists()


# --- Selling ----------------------------------------------------------------------


def test_take_stock_sells_first_what_expires_first():
    pack = PackFactory()
    today = timezone.localdate()
    late = LotFactory(pack=pack, quantity=5, best_before=today + days(9))
    early = LotFactory(pack=pack, quantity=2, best_before=today + days(1))

    taken = take_stock(wanted={pack.pk: 4}, reference="A-1")

    assert taken == {pack.pk: [TakenLot(early.pk, 2), TakenLot(late.pk, 2)]}
    assert list_left(pack) == [3, 0]
    assert_books_balance()


def test_take_stock_takes_all_or_nothing():
    plenty, few = PackFactory(stock=10), PackFactory(stock=2)

    with pytest.raises(OutOfStock) as refusal:
        take_stock(wanted={plenty.pk: 5, few.pk: 3}, reference="A-1")

    assert refusal.value.shortages == {few.pk: 2}
    assert list_left(plenty) == [10]
    assert list_left(few) == [2]
    assert not StockMovement.objects.filter(kind="sold").exists()


def test_take_stock_never_sells_what_is_past_its_best_before_date():
    pack = PackFactory()
    make_expired_lot(pack, quantity=10)

    with pytest.raises(OutOfStock) as refusal:
        take_stock(wanted={pack.pk: 1}, reference="A-1")

    assert refusal.value.shortages == {pack.pk: 0}
    assert list_left(pack) == [10]


def test_take_stock_sells_on_the_last_day():
    pack = PackFactory()
    LotFactory(pack=pack, quantity=1, best_before=timezone.localdate())

    take_stock(wanted={pack.pk: 1}, reference="A-1")

    assert list_left(pack) == [0]


def test_take_stock_refuses_packs_that_do_not_exist():
    with pytest.raises(OutOfStock) as refusal:
        take_stock(wanted={987654: 1}, reference="A-1")

    assert refusal.value.shortages == {987654: 0}


@pytest.mark.parametrize("quantity", [0, -1])
def test_take_stock_refuses_quantities_below_one(quantity):
    pack = PackFactory(stock=3)

    with pytest.raises(ValueError, match="at least 1"):
        take_stock(wanted={pack.pk: quantity}, reference="A-1")

    assert list_left(pack) == [3]


# --- Giving back ------------------------------------------------------------------


def test_return_stock_gives_back_exactly_once():
    pack = PackFactory()
    LotFactory(pack=pack, quantity=2)
    LotFactory(pack=pack, quantity=5, best_before=timezone.localdate() + days(9))
    take_stock(wanted={pack.pk: 4}, reference="A-1")
    take_stock(wanted={pack.pk: 1}, reference="A-2")

    first = return_stock(reference="A-1")
    second = return_stock(reference="A-1")

    assert sum(first.values()) == 4
    assert second == {}
    assert sum(list_left(pack)) == 6
    assert_books_balance()


def test_return_stock_gives_back_what_was_sold_again_under_the_reference():
    pack = PackFactory(stock=5)
    take_stock(wanted={pack.pk: 2}, reference="A-1")
    return_stock(reference="A-1")
    take_stock(wanted={pack.pk: 3}, reference="A-1")

    return_stock(reference="A-1")

    assert list_left(pack) == [5]
    assert_books_balance()


def test_return_stock_of_an_unknown_reference_changes_nothing():
    pack = PackFactory(stock=5)

    assert return_stock(reference="nobody") == {}
    assert list_left(pack) == [5]


# --- Writing off ------------------------------------------------------------------


def test_write_off_takes_spoilt_packs_out_with_a_reason():
    lot = LotFactory(quantity=5)

    movement = write_off(lot=lot, quantity=2, reason="помялась", by=None)

    assert (movement.kind, movement.quantity, movement.reference) == ("written_off", -2, "помялась")
    assert list_left(lot.pack) == [3]
    assert_books_balance()


def test_write_off_refuses_more_than_is_left():
    lot = LotFactory(quantity=5)

    with pytest.raises(OutOfStock) as refusal:
        write_off(lot=lot, quantity=6, reason="помялась", by=None)

    assert refusal.value.shortages == {lot.pack_id: 5}
    assert list_left(lot.pack) == [5]


# --- Offers -----------------------------------------------------------------------


def test_get_offer_tells_price_and_availability_of_the_lot_sold_next():
    today = timezone.localdate()
    berry = BerryFactory(season_months=[today.month])
    pack = PackFactory(berry=berry, weight_g=250, price=Decimal("195.50"))
    make_expired_lot(pack)
    LotFactory(pack=pack, quantity=4, best_before=today + days(7), farm_en="Late Farm")
    LotFactory(pack=pack, quantity=3, best_before=today + days(2), harvested_on=today, farm_en="Early Farm")

    with override("en"):
        offer = get_offer(pack.pk)

    assert offer is not None
    assert (offer.price, offer.price_per_kg, offer.currency) == (Decimal("195.50"), Decimal("782.00"), "RUB")
    assert (offer.left, offer.is_for_sale, offer.is_in_season) == (7, True, True)
    assert (offer.harvested_on, offer.best_before, offer.farm) == (today, today + days(2), "Early Farm")


def test_get_offers_marks_packs_and_berries_taken_off_sale():
    off, of_inactive = PackFactory(is_active=False, stock=1), PackFactory(berry=BerryFactory(is_active=False))

    offers = get_offers([off.pk, of_inactive.pk, 987654])

    assert {pk: offer.is_for_sale for pk, offer in offers.items()} == {off.pk: False, of_inactive.pk: False}


@pytest.mark.parametrize("packs", [1, 3, 9])
def test_get_offers_asks_one_query_however_many_packs(packs, django_assert_num_queries):
    ids = [PackFactory(stock=2).pk for _ in range(packs)]

    with django_assert_num_queries(1):
        assert len(get_offers(ids)) == packs


# --- Many at once -----------------------------------------------------------------


def buy_at_once(pack_ids: list[list[int]]) -> Counter[str]:
    """Each list of packs is bought by a thread of its own; how the purchases ended."""

    def buy(number: int) -> str:
        try:
            with transaction.atomic():
                take_stock(wanted=dict.fromkeys(pack_ids[number], 1), reference=f"buyer-{number}")
            return "bought"
        except OutOfStock:
            return "refused"
        except IntegrityError:
            return "broken"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(pack_ids)) as pool:
        return Counter(pool.map(buy, range(len(pack_ids))))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_fifty_buyers_at_once_get_the_last_three_packs_and_forty_seven_clear_refusals():
    pack = PackFactory(stock=LAST_PACKS)

    ends = buy_at_once([[pack.pk]] * BUYERS)

    assert ends == {"bought": LAST_PACKS, "refused": BUYERS - LAST_PACKS}
    assert list_left(pack) == [0]
    assert_books_balance()


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Take the row locks away, and let all buyers look at the stock before any of them buys."""

    def remove(buyers: int) -> None:
        everybody_looked = Barrier(buyers)

        def look_without_locking(lots: LotQuerySet) -> LotQuerySet:
            lots = lots.order_by("pk")
            len(lots)  # read now, not when the rows are asked for
            everybody_looked.wait(timeout=20)
            return lots

        monkeypatch.setattr(LotQuerySet, "locked", look_without_locking)

    return remove


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_without_the_lock_buyers_run_into_the_constraint_instead_of_a_clear_refusal(no_lock):
    pack = PackFactory(stock=LAST_PACKS)
    no_lock(BUYERS)

    ends = buy_at_once([[pack.pk]] * BUYERS)

    assert ends == {"bought": LAST_PACKS, "broken": BUYERS - LAST_PACKS}  # the promise above is broken
    assert list_left(pack) == [0]  # and yet the constraint keeps the stock honest
    assert_books_balance()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_carts_in_opposite_order_never_wait_for_each_other_in_a_ring():
    one, other = PackFactory(stock=20), PackFactory(stock=20)

    ends = buy_at_once([[one.pk, other.pk], [other.pk, one.pk]] * 15)

    assert ends == {"bought": 20, "refused": 10}
    assert (list_left(one), list_left(other)) == ([0], [0])
    assert_books_balance()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reject_told_many_times_at_once_gives_stock_back_once():
    pack = PackFactory(stock=5)
    take_stock(wanted={pack.pk: 4}, reference="A-1")

    def give_back(_: int) -> int:
        try:
            return sum(return_stock(reference="A-1").values())
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        returned = list(pool.map(give_back, range(10)))

    assert sorted(returned) == [0] * 9 + [4]
    assert list_left(pack) == [5]
    assert_books_balance()
