"""Dividing an order's money to the kopeck: no sum is lost or gained, no share is below zero."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from core.money import CENT, round_money
from shop.orders.models import OrderLine


def spread_discount(discount: Decimal, totals: Sequence[Decimal]) -> list[Decimal]:
    """Divide a discount among lines in proportion to their totals, by largest remainder.

    The shares add up to the discount, and none is below zero or above its line's total. The discount is in
    whole kopecks and no more than all lines cost; else ValueError.
    """
    whole = sum(totals, Decimal(0))
    if not 0 <= discount <= whole or round_money(discount) != discount:
        message = f"A discount of {discount} can't be taken off {whole}"
        raise ValueError(message)
    if not discount:
        return [Decimal("0.00") for _total in totals]
    kopecks, total_kopecks = int(discount / CENT), [int(total / CENT) for total in totals]
    shares = [divmod(kopecks * total, sum(total_kopecks)) for total in total_kopecks]
    missing = kopecks - sum(share for share, _remainder in shares)
    by_remainder = sorted(range(len(shares)), key=lambda index: (-shares[index][1], index))
    lucky = set(by_remainder[:missing])
    return [(share + (index in lucky)) * CENT for index, (share, _remainder) in enumerate(shares)]


def split_evenly(total: Decimal, quantity: int) -> list[tuple[int, Decimal]]:
    """So many pieces at such a price, in whole kopecks, that cost exactly the total: one kind or two."""
    low, dearer = divmod(int(total / CENT), quantity)
    parts = [(quantity - dearer, low * CENT), (dearer, (low + 1) * CENT)]
    return [(number, price) for number, price in parts if number]


def compute_line_refund(line: OrderLine, quantity: int) -> Decimal:
    """What goes back when so many more packs are taken off a line: their share of what was paid for it.

    It counts what went back before, so that all parts together are the line's total, to the kopeck. Raises
    ValueError where the line has fewer packs left.
    """
    staying = line.quantity_left - quantity
    if quantity < 1 or staying < 0:
        message = f"{quantity} of {line.quantity_left} packs can't be taken off"
        raise ValueError(message)
    kept = (line.total * staying / line.quantity).quantize(CENT, ROUND_HALF_UP)
    return line.total - kept - line.amount_returned
