"""Vouchers, and carts that have one."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from shop.cart.vouchers import put_voucher
from shop.vouchers.models import Voucher


class VoucherFactory(DjangoModelFactory):
    """Ten percent off, for anybody, as often as they like."""

    class Meta:
        model = Voucher

    code = factory.Sequence(lambda number: f"BERRY{number}")
    kind = "percent"
    value = Decimal(10)
    max_uses_each = None


def give_voucher(user: User, voucher: Voucher) -> None:
    """Put the voucher on the user's cart, the way shoppers do it."""
    put_voucher(user=user, code=voucher.code, language="ru")
