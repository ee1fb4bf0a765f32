"""Each order's bill knows what it is for, line by line, with the VAT of its day."""

from decimal import Decimal

import pytest

from payments.receipts import ReceiptDraft
from tests.factories.orders import ZoneFactory, make_order, want

pytestmark = pytest.mark.django_db


def test_the_lines_of_a_bill_are_those_of_its_order_and_its_delivery():
    order = make_order(lines=2, quantity=3)

    receipt = ReceiptDraft.read(order.bill.receipt)

    assert receipt.email == order.email
    assert receipt.total == order.total == order.bill.amount
    *goods, delivery = receipt.lines
    assert [(line.quantity, line.unit_price, line.vat_code) for line in goods] == [
        (line.quantity, line.price, line.vat_code) for line in order.lines.order_by("pk")
    ]
    assert (delivery.unit_price, delivery.vat_code, delivery.subject) == (
        order.delivery_price,
        order.delivery.vat_code,
        "service",
    )


def test_a_later_change_of_the_vat_changes_no_bill():
    order = make_order()
    pack = order.lines.get().pack
    before = order.lines.get().vat_code

    pack.berry.vat_code = 11
    pack.berry.save()

    order.bill.refresh_from_db()
    assert ReceiptDraft.read(order.bill.receipt).lines[0].vat_code == before


def test_a_delivery_for_nothing_is_no_line():
    order = make_order(wanted=want(zone=ZoneFactory(price=Decimal(0))))

    assert [line.subject for line in ReceiptDraft.read(order.bill.receipt).lines] == ["commodity"]
    assert ReceiptDraft.read(order.bill.receipt).total == order.total
