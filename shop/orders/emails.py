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
from shop.orders.words import write_letter

MONEY = (Letter.Kind.REFUND_DUE, Letter.Kind.REFUNDED)


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
    """A letter about an order, in its language; it comes with order, bill, delivery, slot and refund."""
    order = letter.order
    is_about_money = letter.kind in MONEY
    with translation.override(order.language):
        context = make_money_context(letter) if is_about_money else {"words": write_letter(letter)}
        url = settings.SITE_URL + reverse("shop:order", args=[order.number])
    return build_message(
        template=f"orders/{letter.kind}" if is_about_money else "orders/step",
        context=context | {"order": order, "order_url": url},
        to=order.email,
        language=order.language,
        message_id=name_message(letter),
    )


def name_message(letter: Letter) -> str:
    """The same for the same letter, however often it is built."""
    if letter.kind in MONEY:
        return f"{letter.kind}-{letter.refund.pk if letter.refund else letter.order.bill_id}"
    return f"{letter.kind}-{letter.pk}-{letter.order.bill_id}"


def make_money_context(letter: Letter) -> dict[str, Any]:
    """What a letter about money that goes back says; labels are in the active language."""
    order, refund = letter.order, letter.refund
    return {
        "refund": refund,
        "amount": refund.amount if refund else order.total,
        "is_part": bool(refund and refund.amount < order.total),
        "payment_method": get_payment_method(order),
    }


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
