"""Bills, everything providers ever said about them, and money given back."""

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
]
