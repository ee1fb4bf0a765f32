"""Bills, everything providers ever said about them, money given back, and receipts of handing over."""

from payments.models.bills import (
    CHECK_PAUSES,
    EXPIRED_CHECK_PAUSE,
    EXPIRY_GRACE,
    OPENING_SETTLES_AFTER,
    Bill,
    BillEvent,
    BillQuerySet,
)
from payments.models.refunds import Refund, RefundQuerySet
from payments.models.settlements import Settlement

__all__ = [
    "CHECK_PAUSES",
    "EXPIRED_CHECK_PAUSE",
    "EXPIRY_GRACE",
    "OPENING_SETTLES_AFTER",
    "Bill",
    "BillEvent",
    "BillQuerySet",
    "Refund",
    "RefundQuerySet",
    "Settlement",
]
