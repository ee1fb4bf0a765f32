"""The mails about orders, as the catalog of mails shows them: an invented order, none of it stored."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.mailbook import READER, register_sample, register_template
from core.vat import VatCode
from payments.models import Bill, Refund
from shop.delivery.models import Delivery, DeliverySlot, DeliveryZone
from shop.orders.emails import build_cheque, build_letter
from shop.orders.invariants import Violation
from shop.orders.models import Letter, Mismatch, Order, OrderAdjustment, OrderLine, Reconciliation
from shop.orders.reporting import describe_report
from shop.orders.texts import describe_for_staff

Kind = Letter.Kind
BILL_ID = UUID("0b1e55ed-0000-4000-8000-00000000beef")
NUMBER = "BR-20714"
DAY = datetime(2027, 7, 13, tzinfo=UTC)
NAMES = {"ru": "Анна Ягодкина", "en": "Anna Berry"}
STREETS = {"ru": "Тверская улица", "en": "Tverskaya Street"}
CITIES = {"ru": "Москва", "en": "Moscow"}
BERRIES = {"ru": ("Малина «Полька»", "Голубика"), "en": ("Raspberry ‘Polka’", "Blueberry")}
WORDS = {
    "ru": "Никто не открыл, и телефон молчал.\nКурьер ждал 15 минут.",
    "en": "Nobody opened, and nobody answered the phone.\nThe courier waited for 15 minutes.",
}


def make_order(language: str) -> Order:
    """An order of two berries with a voucher, paid by its bill."""
    delivery = Delivery(
        zone=DeliveryZone(pk=1, name_ru="Москва", name_en="Moscow"),
        slot=DeliverySlot(pk=1, starts_at=DAY.replace(hour=7), ends_at=DAY.replace(hour=11)),
        recipient=NAMES[language],
        phone="+79991234567",
        city=CITIES[language],
        street=STREETS[language],
        house="7",
        flat="12",
        price=Decimal(250),
        vat_code=VatCode.TWENTY_TWO,
    )
    bill = Bill(pk=BILL_ID, amount=Decimal("1588.50"), provider="yookassa", status="paid")
    order = Order(
        pk=1,
        number=NUMBER,
        status="paid",
        language=language,
        email=READER,
        name=NAMES[language].split()[0],
        phone="+79991234567",
        goods_total=Decimal(1515),
        discount=Decimal("176.50"),
        delivery_price=Decimal(250),
        total=Decimal("1588.50"),
        bill=bill,
        delivery=delivery,
        placed_at=DAY,
        paid_at=DAY,
    )
    keep_related(order, lines=make_lines(language), adjustments=make_adjustments())
    return order


def make_lines(language: str) -> list[OrderLine]:
    """The two berries, the voucher spread over both."""
    raspberry, blueberry = BERRIES[language]
    return [
        OrderLine(
            title=raspberry,
            weight_g=500,
            price=Decimal(390),
            quantity=3,
            discount=Decimal("136.50"),
            total=Decimal("1033.50"),
            vat_code=VatCode.TEN,
        ),
        OrderLine(
            title=blueberry,
            weight_g=250,
            price=Decimal(345),
            quantity=1,
            discount=Decimal(40),
            total=Decimal(305),
            vat_code=VatCode.TEN,
        ),
    ]


def make_adjustments() -> list[OrderAdjustment]:
    """The voucher."""
    labels = {"label_ru": "Промокод LETO", "label_en": "Voucher LETO"}
    return [OrderAdjustment(kind="voucher", code="LETO", amount=Decimal("176.50"), **labels)]


def keep_related(order: Order, **rows: list[Any]) -> None:
    """Hang rows on an order that is in no database."""
    order._prefetched_objects_cache = rows  # type: ignore[attr-defined]  # noqa: SLF001 -- as prefetching does it


def build_sample_cheque(language: str) -> EmailMultiAlternatives:
    """The cheque."""
    return build_cheque(make_order(language))


def build_sample_letter(kind: Letter.Kind, language: str) -> EmailMultiAlternatives:
    """A letter about a step or about money."""
    order = make_order(language)
    refund = Refund(pk=BILL_ID, bill=order.bill, amount=Decimal(305)) if kind == Kind.REFUNDED else None
    details = {"text": WORDS[language], "reason": WORDS[language]}
    return build_letter(Letter(pk=1, order=order, kind=kind, refund=refund, details=details))


def make_report(language: str) -> dict[str, Any]:
    """What the nightly report tells staff; they read the shop's own language, samples come in both."""
    order = make_order(language)
    rows = [
        Mismatch(kind="paid_late", order=order, amount=order.total, found_at=timezone.now()),
        Mismatch(kind="cheque_stuck", order=order, found_at=timezone.now()),
    ]
    run = Reconciliation(day=DAY.date(), asked=412, repaired=1)
    violations = [Violation("order_total", NUMBER, "1588.50 ≠ 1588.00")]
    return describe_report(run, rows=rows, rows_count=len(rows), violations=violations)


def make_new_order(language: str) -> dict[str, str]:
    """What staff are told of a paid order."""
    return describe_for_staff(make_order(language))


register_sample(name="orders/cheque", title=_("Cheque"), template="orders/cheque", build=build_sample_cheque)
for kind in Kind:
    about_money = kind in {Kind.REFUND_DUE, Kind.REFUNDED}
    register_sample(
        name=f"orders/{kind}",
        title=format_lazy("{}: {}", _("Letter"), kind.label),
        template=f"orders/{kind}" if about_money else "orders/step",
        build=partial(build_sample_letter, kind),
    )
register_template("orders/reconciliation", title=_("Report about money, to staff"), make_context=make_report)
register_template("orders/new_order", title=_("New order, to staff"), make_context=make_new_order)
