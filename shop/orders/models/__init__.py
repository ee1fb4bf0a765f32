"""Orders, the mails about them, and what does not match between them and the money."""

from shop.orders.models.adjustments import OrderAdjustment
from shop.orders.models.complaints import Complaint, ComplaintLine
from shop.orders.models.mails import Cheque, Letter, OrderMail, SentMail
from shop.orders.models.mismatches import Mismatch, Reconciliation
from shop.orders.models.orders import Order, OrderEvent, OrderLine, OrderQuerySet

__all__ = [
    "Cheque",
    "Complaint",
    "ComplaintLine",
    "Letter",
    "Mismatch",
    "Order",
    "OrderAdjustment",
    "OrderEvent",
    "OrderLine",
    "OrderMail",
    "OrderQuerySet",
    "Reconciliation",
    "SentMail",
]
