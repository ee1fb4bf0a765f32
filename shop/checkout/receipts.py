"""What an order's bill is for, line by line: the data of its fiscal receipt (54-FZ)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from payments.receipts import MAX_DESCRIPTION, ReceiptDraft, ReceiptLine
from shop.checkout.quotes import Quote
from shop.orders.amounts import split_evenly
from shop.orders.models import OrderLine


def draft_receipt(*, email: str, lines: Iterable[OrderLine], quote: Quote) -> ReceiptDraft:
    """Return the receipt of an order that is being placed; its VAT codes are those frozen on the order.

    A till multiplies: what a discount left of a line is told as pieces of one price, or of two that differ by
    a kopeck, so that the receipt costs exactly what the order does.
    """
    goods = [part for line in lines for part in _draft_line(line)]
    return ReceiptDraft(email=email, lines=(*goods, *_draft_delivery(quote)))


def _draft_line(line: OrderLine) -> list[ReceiptLine]:
    name = _("%(title)s, %(weight)s g") % {"title": line.title[:100], "weight": line.weight_g}
    parts = split_evenly(line.total, line.quantity)
    return [ReceiptLine(name, number, price, int(line.vat_code)) for number, price in parts]


def _draft_delivery(quote: Quote) -> list[ReceiptLine]:
    if quote.zone is None or not quote.delivery_price:
        return []
    name = _("Delivery")[:MAX_DESCRIPTION]
    return [ReceiptLine(name, 1, quote.delivery_price, int(quote.zone.vat_code), subject="service")]
