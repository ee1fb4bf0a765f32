"""Orders, the mails about them, and what does not match between them and the money."""

from shop.orders.models.mails import Cheque, Letter, OrderMail
from shop.orders.models.mismatches import Mismatch, Reconciliation
from shop.orders.models.orders import Order, OrderEvent, OrderLine, OrderQuerySet

__all__ = [
    "Cheque",
    "Letter",
    "Mismatch",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderMail",
    "OrderQuerySet",
    "Reconciliation",
]
