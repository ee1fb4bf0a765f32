"""No cart, voucher and VAT loses or gains a kopeck."""

from collections import Counter
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import CENT
from core.vat import VatCode
from payments.receipts import MAX_LINES, ReceiptDraft
from shop.cart.viewing import CartView
from shop.checkout.quotes import Quote
from shop.checkout.receipts import draft_receipt
from shop.delivery.models import DeliveryZone
from shop.orders.amounts import compute_line_refund, split_evenly, spread_discount
from shop.orders.models import OrderLine
from shop.vouchers.models import Voucher
from shop.vouchers.services import History, apply_voucher

prices = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2)
vat_codes = st.sampled_from([int(code) for code in VatCode])
baskets = st.lists(st.tuples(prices, st.integers(1, 99), vat_codes), min_size=1, max_size=30)
vouchers = st.one_of(
    st.builds(
        lambda value: Voucher(pk=1, code="X", kind="percent", value=value), st.integers(1, 100).map(Decimal)
    ),
    st.builds(lambda value: Voucher(pk=1, code="X", kind="sum", value=value), prices),
    st.just(Voucher(pk=1, code="X", kind="free_delivery", value=Decimal(0))),
)
zones = st.builds(
    lambda price, vat, free: DeliveryZone(pk=1, price=price, vat_code=vat, free_from=free, min_order=0),
    st.one_of(st.just(Decimal(0)), prices),
    vat_codes,
    st.one_of(st.none(), prices),
)


def draw_order(basket, voucher: Voucher, zone: DeliveryZone) -> tuple[Quote, list[OrderLine]]:
    """What an order of the basket would be written down as, without a database."""
    goods_total = sum(price * quantity for price, quantity, _vat in basket)
    applied = apply_voucher(voucher, goods_total=goods_total, history=History())
    quote = Quote(cart=CartView([], goods_total, "RUB", 1, applied), zone=zone)
    totals = [price * quantity for price, quantity, _vat in basket]
    lines = [
        OrderLine(
            title="Малина",
            weight_g=500,
            price=price,
            quantity=quantity,
            vat_code=vat,
            discount=share,
            total=price * quantity - share,
        )
        for (price, quantity, vat), share in zip(basket, spread_discount(quote.discount, totals), strict=True)
    ]
    return quote, lines


@settings(max_examples=300)
@given(basket=baskets, voucher=vouchers, zone=zones)
def test_lines_and_delivery_are_the_total_and_the_receipt_says_the_same(basket, voucher, zone):
    quote, lines = draw_order(basket, voucher, zone)

    assert all(line.total >= 0 and line.discount >= 0 for line in lines)
    assert sum(line.discount for line in lines) == quote.discount
    assert sum(line.total for line in lines) + quote.delivery_price == quote.total >= 0
    receipt = draft_receipt(email="anna@example.com", lines=lines, quote=quote)
    assert len(receipt.lines) <= MAX_LINES
    receipt.check(quote.total)
    assert ReceiptDraft.read(receipt.write()).total == quote.total
    gross = Counter()
    for line in lines:
        gross[line.vat_code] += line.total
    if quote.delivery_price:
        gross[int(zone.vat_code)] += quote.delivery_price
    told = Counter()
    for line in receipt.lines:
        told[line.vat_code] += line.total
    assert {code: sum_ for code, sum_ in told.items() if sum_} == {c: s for c, s in gross.items() if s}


@given(totals=st.lists(st.integers(0, 10**9), min_size=1, max_size=60), data=st.data())
def test_a_discount_is_spread_to_the_kopeck_and_nobody_gets_more_than_their_line(totals, data):
    discount = data.draw(st.integers(0, sum(totals))) * CENT
    totals = [total * CENT for total in totals]

    shares = spread_discount(discount, totals)

    assert sum(shares) == discount
    assert all(0 <= share <= total for share, total in zip(shares, totals, strict=True))
    whole = sum(totals)
    assert all(
        abs(share - discount * total / whole) < CENT
        for share, total in zip(shares, totals, strict=True)
        if whole
    )


@pytest.mark.parametrize("discount", ["-0.01", "10.01", "0.005"])
def test_what_cannot_be_taken_off_is_refused(discount):
    with pytest.raises(ValueError, match="can't be taken off"):
        spread_discount(Decimal(discount), [Decimal(4), Decimal(6)])


@given(total=st.integers(0, 10**9), quantity=st.integers(1, 99))
def test_pieces_cost_what_the_line_costs(total, quantity):
    parts = split_evenly(total * CENT, quantity)

    assert sum(number for number, _price in parts) == quantity
    assert sum(number * price for number, price in parts) == total * CENT
    assert max(price for _n, price in parts) - min(price for _n, price in parts) <= CENT


@given(price=prices, quantity=st.integers(1, 99), data=st.data())
def test_packs_taken_off_one_after_the_other_give_back_exactly_what_was_paid(price, quantity, data):
    total = price * quantity - data.draw(st.integers(0, int(price * quantity / CENT))) * CENT
    line = SimpleNamespace(
        total=total, quantity=quantity, quantity_left=quantity, amount_returned=Decimal(0), price=price
    )
    while line.quantity_left:
        number = data.draw(st.integers(1, line.quantity_left))
        back = compute_line_refund(line, number)
        assert 0 <= back <= price * number
        line.amount_returned += back
        line.quantity_left -= number
    assert line.amount_returned == total


def test_more_packs_than_there_are_cannot_be_taken_off():
    line = OrderLine(total=Decimal(10), quantity=2, quantity_returned=1, amount_returned=Decimal(5))

    assert compute_line_refund(line, 1) == Decimal(5)
    for number in (0, 2):
        with pytest.raises(ValueError, match="can't be taken off"):
            compute_line_refund(line, number)
