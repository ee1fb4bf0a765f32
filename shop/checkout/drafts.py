"""The parts of an order that freeze what it cost: its lines, and what was taken off."""

from decimal import Decimal

from django.utils.translation import override

from accounts.models import User
from shop.cart.models import Cart
from shop.cart.viewing import LineView
from shop.catalog.models import Pack
from shop.catalog.services import TakenLot
from shop.checkout.quotes import Quote
from shop.checkout.refusals import VoucherGone
from shop.orders.amounts import spread_discount
from shop.orders.models import OrderAdjustment, OrderLine
from shop.vouchers.models import Voucher
from shop.vouchers.reasons import VoucherRefused
from shop.vouchers.services import label_voucher, take_voucher


def build_lines(
    lines: list[LineView], taken: dict[int, list[TakenLot]], discount: Decimal
) -> list[OrderLine]:
    """The snapshot of what is bought: names, weight, price, VAT and lots, as they are now.

    Each line bears its part of the discount.
    """
    packs = Pack.objects.select_related("berry").in_bulk([line.pack_id for line in lines])
    shares = spread_discount(discount, [line.total for line in lines])
    return [
        OrderLine(
            pack_id=line.pack_id,
            title=line.title,
            weight_g=line.weight_g,
            price=line.price,
            old_price=line.usual_price,
            price_reason=line.price_reason,
            quantity=line.quantity,
            discount=share,
            total=line.total - share,
            vat_code=packs[line.pack_id].berry.vat_code,
            lots=[[lot.lot_id, lot.quantity] for lot in taken[line.pack_id]],
        )
        for line, share in zip(lines, shares, strict=True)
    ]


def take_discount(*, user: User, quote: Quote, number: str) -> list[OrderAdjustment]:
    """Count the use of the quote's voucher and take it off the cart; the lines of words for the order.

    Raises VoucherGone where somebody else was quicker.
    """
    applied = quote.voucher
    Cart.objects.filter(user=user).update(voucher=None)
    if applied is None:
        return []
    is_free = applied.frees_delivery
    amount = quote.full_delivery_price if is_free else applied.discount
    try:
        voucher = take_voucher(
            voucher_id=applied.voucher_id,
            user=user,
            reference=number,
            goods_total=quote.goods_total,
            amount=amount,
        )
    except VoucherRefused as refusal:
        raise VoucherGone(refusal) from refusal
    kinds = OrderAdjustment.Kind
    return [
        OrderAdjustment(
            kind=kinds.FREE_DELIVERY if is_free else kinds.VOUCHER,
            code=voucher.code,
            label_ru=_label(voucher, "ru"),
            label_en=_label(voucher, "en"),
            amount=amount,
        )
    ]


def _label(voucher: Voucher, language: str) -> str:
    with override(language):
        return label_voucher(voucher)
