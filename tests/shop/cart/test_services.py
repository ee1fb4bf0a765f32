from decimal import Decimal

import pytest

from shop.cart.models import MAX_QUANTITY, Cart, CartLine
from shop.cart.problems import ProblemKind
from shop.cart.services import (
    NotEnough,
    PackUnknown,
    QuantityInvalid,
    RemovedLine,
    accept_price,
    add_as_many,
    add_to_cart,
    clear_cart,
    get_cart,
    get_pack_quantities,
    get_quantities,
    remove_line,
    restore_lines,
    set_quantity,
)
from shop.cart.viewing import view_cart
from shop.catalog.models import Berry, Pack
from tests.factories.accounts import UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.catalog import PackFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def get_lines(user):
    return list(
        CartLine.objects.for_user(user).order_by("pk").values_list("pack_id", "quantity", "price_seen")
    )


def test_add_to_cart_makes_a_line_at_todays_price(user):
    pack = PackFactory(stock=5)

    add_to_cart(user=user, pack_id=pack.pk)

    assert get_lines(user) == [(pack.pk, 1, Decimal("390.00"))]


def test_add_to_cart_adds_to_the_line_there_is_and_keeps_the_price_seen(user):
    line = put_in_cart(user, quantity=2)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal(400))

    add_to_cart(user=user, pack_id=line.pack_id, quantity=3)

    assert get_lines(user) == [(line.pack_id, 5, Decimal("390.00"))]


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1, 10**9])
def test_quantities_no_cart_can_hold_change_nothing(user, quantity):
    line = put_in_cart(user)
    before = get_lines(user)

    for change in (add_to_cart, set_quantity):
        with pytest.raises(QuantityInvalid):
            change(user=user, pack_id=line.pack_id, quantity=quantity)

    assert get_lines(user) == before


@pytest.mark.parametrize("change", [add_to_cart, set_quantity])
def test_packs_that_are_not_sold_cannot_be_put_in(user, change):
    unknown = 10**9
    inactive = PackFactory(stock=5, is_active=False)
    of_inactive_berry = PackFactory(stock=5, berry__is_active=False)

    for pack_id in (unknown, inactive.pk, of_inactive_berry.pk):
        with pytest.raises(PackUnknown):
            change(user=user, pack_id=pack_id, quantity=1)

    assert get_lines(user) == []


@pytest.mark.parametrize("change", [add_to_cart, set_quantity])
def test_more_than_there_is_changes_nothing_and_says_what_is_left(user, change):
    pack = PackFactory(stock=3)

    with pytest.raises(NotEnough) as refusal:
        change(user=user, pack_id=pack.pk, quantity=4)

    assert (refusal.value.left, refusal.value.in_cart, refusal.value.is_cap) == (3, 0, False)
    assert get_lines(user) == []


def test_what_is_in_the_cart_counts_against_stock(user):
    line = put_in_cart(user, quantity=2, stock=3)

    with pytest.raises(NotEnough) as refusal:
        add_to_cart(user=user, pack_id=line.pack_id, quantity=2)

    assert (refusal.value.left, refusal.value.in_cart) == (3, 2)
    assert get_pack_quantities(user) == {line.pack_id: 2}


def test_one_cart_holds_no_more_than_its_limit_of_a_pack(user):
    line = put_in_cart(user, quantity=MAX_QUANTITY, stock=500)

    with pytest.raises(NotEnough) as refusal:
        add_to_cart(user=user, pack_id=line.pack_id)

    assert refusal.value.is_cap
    assert get_pack_quantities(user) == {line.pack_id: MAX_QUANTITY}


def test_set_quantity_sets_and_adds_what_is_not_there(user):
    line = put_in_cart(user, quantity=5)
    other = PackFactory(stock=3)

    set_quantity(user=user, pack_id=line.pack_id, quantity=2)
    set_quantity(user=user, pack_id=other.pk, quantity=3)

    assert get_pack_quantities(user) == {line.pack_id: 2, other.pk: 3}


@pytest.mark.parametrize(("shown", "seen"), [("400.00", "400.00"), ("390.00", "390.00"), (None, "390.00")])
def test_a_new_price_counts_as_seen_only_where_it_was_shown(user, shown, seen):
    line = put_in_cart(user)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal(400))

    set_quantity(user=user, pack_id=line.pack_id, quantity=2, price_shown=shown and Decimal(shown))

    assert get_lines(user) == [(line.pack_id, 2, Decimal(seen))]


def test_accept_price_takes_note_of_todays_price_and_of_no_other(user):
    line = put_in_cart(user)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal(400))

    assert not accept_price(user=user, pack_id=line.pack_id, price_shown=Decimal(350))
    assert get_lines(user)[0][2] == Decimal("390.00")

    assert accept_price(user=user, pack_id=line.pack_id, price_shown=Decimal(400))
    assert get_lines(user)[0][2] == Decimal("400.00")


def test_remove_line_says_what_it_was_and_is_silent_the_second_time(user):
    line = put_in_cart(user, quantity=2)

    assert remove_line(user=user, pack_id=line.pack_id) == RemovedLine(line.pack_id, 2, line.price_seen)
    assert remove_line(user=user, pack_id=line.pack_id) is None
    assert get_lines(user) == []


def test_clear_cart_touches_nobody_elses_cart(user):
    lines = [put_in_cart(user), put_in_cart(user, quantity=3)]
    other = put_in_cart(UserFactory())

    removed = clear_cart(user=user)

    assert removed == [RemovedLine(line.pack_id, line.quantity, line.price_seen) for line in lines]
    assert list(CartLine.objects.values_list("pk", flat=True)) == [other.pk]


def test_restore_lines_brings_back_as_many_as_there_are(user):
    whole, short, gone = (put_in_cart(user, quantity=2) for _ in range(3))
    removed = clear_cart(user=user)
    leave_in_stock(short.pack, 1)
    Berry.objects.filter(pk=gone.pack.berry_id).update(is_active=False)

    assert restore_lines(user=user, lines=removed) is False
    assert get_pack_quantities(user) == {whole.pack_id: 2, short.pack_id: 1}


def test_add_as_many_adds_what_is_left(user):
    line = put_in_cart(user, quantity=2, stock=3)

    assert add_as_many(user=user, pack_id=line.pack_id, quantity=5) == 1
    assert add_as_many(user=user, pack_id=line.pack_id, quantity=5) == 0
    assert get_pack_quantities(user) == {line.pack_id: 3}


def test_get_quantities_sums_the_packs_of_a_berry(user):
    line = put_in_cart(user, quantity=2)
    box = PackFactory(berry=line.pack.berry, weight_g=1000, stock=5)
    add_to_cart(user=user, pack_id=box.pk, quantity=1)

    assert get_quantities(user) == {line.pack.berry_id: 3}


def test_get_cart_makes_one_cart(user):
    assert get_cart(user) == get_cart(user)
    assert Cart.objects.filter(user=user).count() == 1


def test_view_cart_sums_what_can_be_bought(user):
    put_in_cart(user, quantity=2, price="390.00")
    put_in_cart(user, quantity=1, price="99.90")

    cart = view_cart(user, "ru")

    assert [line.total for line in cart.lines] == [Decimal("780.00"), Decimal("99.90")]
    assert (cart.total, cart.currency, cart.count, cart.packs, cart.left_out) == (
        Decimal("879.90"),
        "RUB",
        3,
        3,
        0,
    )
    assert cart.problems == []


def test_view_cart_of_somebody_who_never_had_one_is_empty(user):
    cart = view_cart(user, "ru")

    assert (cart.lines, cart.total, cart.count) == ([], Decimal(0), 0)
    assert not Cart.objects.filter(user=user).exists()


def make_gone(line):
    Pack.objects.filter(pk=line.pack_id).update(is_active=False)


def make_sold_out(line):
    leave_in_stock(line.pack, 0)


def make_short(line):
    leave_in_stock(line.pack, 2)


@pytest.mark.parametrize(
    ("spoil", "kind", "left"),
    [
        (make_gone, ProblemKind.GONE, None),
        (make_sold_out, ProblemKind.SOLD_OUT, 0),
        (make_short, ProblemKind.ONLY_LEFT, 2),
    ],
)
def test_a_line_that_cannot_be_bought_stays_visible_and_out_of_the_total(user, spoil, kind, left):
    good, bad = put_in_cart(user, price="100.00"), put_in_cart(user, quantity=3)
    spoil(bad)

    cart = view_cart(user, "ru")

    assert [line.pack_id for line in cart.lines] == [good.pack_id, bad.pack_id]
    assert [line.is_buyable for line in cart.lines] == [True, False]
    assert (cart.lines[1].problem.kind, cart.lines[1].problem.left) == (kind, left)
    assert (cart.total, cart.packs, cart.count, cart.left_out) == (Decimal("100.00"), 1, 4, 1)


def test_a_changed_price_is_told_and_counts_at_once(user):
    line = put_in_cart(user, quantity=2)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal("410.00"))

    cart = view_cart(user, "en")

    problem = cart.lines[0].problem
    assert (problem.kind, problem.old_price, problem.new_price) == (
        ProblemKind.PRICE_CHANGED,
        Decimal("390.00"),
        Decimal("410.00"),
    )
    assert problem.message == "The price has changed: it was ₽390, now it is ₽410."
    assert (cart.lines[0].is_buyable, cart.total, cart.lines[0].old_price) == (
        True,
        Decimal("820.00"),
        Decimal("390.00"),
    )


def test_view_cart_names_lines_in_the_language_asked_for(user):
    put_in_cart(user, berry__kind_en="Raspberry", berry__variety_en="Polka", berry__variety_ru="Полька")

    assert view_cart(user, "en").lines[0].title.startswith("Raspberry")
    assert view_cart(user, "ru").lines[0].title.startswith("Малина")


@pytest.mark.parametrize("lines", [1, 3])
def test_view_cart_costs_the_same_whatever_is_in_it(user, lines, django_assert_max_num_queries):
    for _ in range(lines):
        put_in_cart(user)

    with django_assert_max_num_queries(6):
        view_cart(user, "ru")
