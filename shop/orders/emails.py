"""Mails about orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation

from core.mail import build_message
from core.money import included_vat
from core.vat import VatCode
from shop.orders.models import Letter, Order


@dataclass(frozen=True, slots=True)
class VatSum:
    """The VAT of one rate inside an order."""

    label: str
    amount: Decimal


def build_cheque(order: Order) -> EmailMultiAlternatives:
    """The receipt of a paid order, in the order's language. The order comes from `with_details()`."""
    with translation.override(order.language):
        url = settings.SITE_URL + reverse("shop:order", args=[order.number])
        context = make_cheque_context(order) | {"order_url": url}
    return build_message(
        template="orders/cheque",
        context=context,
        to=order.email,
        language=order.language,
        message_id=f"cheque-{order.bill_id}",
    )


def build_letter(letter: Letter) -> EmailMultiAlternatives:
    """A letter about money that goes back, in the order's language; it comes with order, bill and refund."""
    order, refund = letter.order, letter.refund
    with translation.override(order.language):
        context = {
            "order": order,
            "refund": refund,
            "amount": refund.amount if refund else order.total,
            "is_part": bool(refund and refund.amount < order.total),
            "payment_method": get_payment_method(order),
            "order_url": settings.SITE_URL + reverse("shop:order", args=[order.number]),
        }
    return build_message(
        template=f"orders/{letter.kind}",
        context=context,
        to=order.email,
        language=order.language,
        message_id=f"{letter.kind}-{refund.pk if refund else order.bill_id}",
    )


def get_payment_method(order: Order) -> str:
    """How the order is or was paid, as people call it, in the active language."""
    return str(settings.PAYMENT_METHOD_LABELS.get(order.bill.provider, order.bill.provider))


def make_cheque_context(order: Order) -> dict[str, Any]:
    """What a cheque says, from the snapshot alone; labels are in the active language."""
    return {
        "order": order,
        "lines": order.lines.all(),
        "delivery": order.delivery,
        "vat_sums": sum_vat(order),
        "payment_method": get_payment_method(order),
    }


def sum_vat(order: Order) -> list[VatSum]:
    """The VAT inside the order, rounded once a line and summed by rate; without rates that charge nothing."""
    sums: dict[int, Decimal] = {}
    for code, gross in list_taxed(order):
        sums[code] = sums.get(code, Decimal(0)) + included_vat(gross, VatCode(code).rate)
    return [
        VatSum(str(VatCode(code).label), amount)
        for code, amount in sorted(sums.items())
        if VatCode(code).rate
    ]


def list_taxed(order: Order) -> Iterable[tuple[int, Decimal]]:
    """Each gross amount of the order with its VAT code: the lines, and delivery where it costs anything."""
    yield from ((line.vat_code, line.total) for line in order.lines.all())
    if order.delivery_price:
        yield order.delivery.vat_code, order.delivery_price
