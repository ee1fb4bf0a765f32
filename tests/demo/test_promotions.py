"""What is cheaper in the demo."""

from decimal import Decimal

import pytest

from anyberry.demo.promotions import load_promotions
from anyberry.demo.source import read_file
from shop.catalog.models import Pack
from shop.catalog.pricing import Markdown
from shop.catalog.services import get_offer
from shop.vouchers.models import Voucher
from tests.factories.catalog import BerryFactory, PackFactory

pytestmark = pytest.mark.django_db


def test_a_sale_markdowns_and_codes_are_made_once():
    pack = PackFactory(berry=BerryFactory(code="blueberry"), stock=5)
    content = read_file("promotions.toml")

    load_promotions(content)
    load_promotions(content)

    assert get_offer(pack.pk).price == Pack.objects.get().special_price == Decimal(312)
    assert set(Markdown.objects.values_list("days_left", "percent")) == {(2, 15), (1, 30), (0, 50)}
    assert set(Voucher.objects.values_list("code", flat=True)) == {"YAGODA10", "FIRST300", "DOSTAVKA"}
