"""The audit trail of orders."""

from typing import Any

from accounts.models import User
from shop.orders.models import Order, OrderEvent


def record_event(order: Order, event: str, *, by: User | None = None, **details: Any) -> OrderEvent:
    """Write one line of the order's audit trail."""
    return OrderEvent.objects.create(order=order, event=event, by=by, details=details)
