"""What an order holds (a place in its slot, a voucher, packs) goes back in one way, whoever gives it up."""

from accounts.models import User
from shop.catalog.services import return_stock
from shop.delivery.services import cancel_delivery
from shop.orders.models import Order
from shop.vouchers.services import return_voucher


def release_goods(order: Order, *, by: User | None) -> bool:
    """Note that nothing is to be brought, and give back what was held for it; says whether that was news.

    What the courier has is on its way and keeps everything. Within the caller's transaction, which holds the
    order's lock; slot, voucher and lots are locked here, in this order.
    """
    if not cancel_delivery(delivery=order.delivery):
        return False
    return_voucher(reference=order.number)
    return_stock(reference=order.number, by=by)
    return True
