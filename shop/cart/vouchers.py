"""The voucher of a cart: put on it by its code, and taken off again."""

from django.db import transaction

from accounts.models import User
from core.limits import check_rate
from shop.cart.services import lock_cart
from shop.cart.viewing import view_cart
from shop.vouchers.codes import normalize_code
from shop.vouchers.models import Voucher
from shop.vouchers.reasons import Reason, VoucherRefused
from shop.vouchers.services import AppliedVoucher, apply_voucher, read_history

# How many codes may be tried: by one shopper, and from one address.
MOST_TRIES = 10
MOST_TRIES_ADDRESS = 50
WINDOW_SECONDS = 600


def try_voucher(*, user: User, code: str, ip_address: str | None, language: str) -> AppliedVoucher:
    """Put the voucher of that code on the user's cart; what it does there.

    One that asks for more berries than are in the cart is put on it, too, and tells what is missing. Raises
    TooOften for one who tries codes, and VoucherRefused; then the cart is as it was.
    """
    check_rate("voucher", user.pk, most=MOST_TRIES, seconds=WINDOW_SECONDS)
    check_rate("voucher-address", ip_address, most=MOST_TRIES_ADDRESS, seconds=WINDOW_SECONDS)
    return put_voucher(user=user, code=code, language=language)


@transaction.atomic
def put_voucher(*, user: User, code: str, language: str) -> AppliedVoucher:
    """The same, without counting tries."""
    cart = lock_cart(user)
    voucher = Voucher.objects.filter(code=code).first() if normalize_code(code) else None
    if voucher is None or not voucher.is_active:
        raise VoucherRefused(Reason.UNKNOWN)
    goods_total = view_cart(user, language).goods_total
    applied = apply_voucher(voucher, goods_total=goods_total, history=read_history(voucher, user))
    if applied.refusal and applied.refusal.reason is not Reason.BELOW_MINIMUM:
        raise applied.refusal
    cart.voucher = voucher
    cart.save(update_fields=["voucher"])
    return applied


@transaction.atomic
def drop_voucher(*, user: User) -> bool:
    """Take the voucher off the user's cart; whether there was one."""
    cart = lock_cart(user)
    had_one = cart.voucher_id is not None
    cart.voucher = None
    cart.save(update_fields=["voucher"])
    return had_one
