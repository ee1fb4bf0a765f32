"""The receipt of packs that are taken off an order: the very lines, so that the till need not guess."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from payments.receipts import ReceiptDraft, ReceiptLine
from shop.orders.amounts import split_evenly
from shop.orders.models import Order, OrderLine


def draft_return(order: Order, parts: Iterable[tuple[OrderLine, int, Decimal]]) -> ReceiptDraft | None:
    """A receipt for so many packs of each line that cost so much; None where the bill had none either."""
    paid = ReceiptDraft.read(order.bill.receipt)
    if paid is None:
        return None
    lines = [line for part in parts for line in _draft_part(order, *part)]
    return ReceiptDraft(email=paid.email, lines=tuple(lines))


def _draft_part(order: Order, line: OrderLine, quantity: int, amount: Decimal) -> list[ReceiptLine]:
    with translation.override(order.language):
        name = _("%(title)s, %(weight)s g") % {"title": line.title[:100], "weight": line.weight_g}
    return [
        ReceiptLine(name, number, price, int(line.vat_code))
        for number, price in split_evenly(amount, quantity)
    ]
