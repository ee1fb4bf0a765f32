"""What this package does when others tell it news."""

from typing import Any

from django.dispatch import receiver

from accounts.registry import register_copier, register_farewell
from payments.models import Bill, Refund
from payments.signals import bill_changed, refund_changed
from shop.orders.complaint_copies import copy_complaints, forget_complaints
from shop.orders.personal import copy_orders, forget_buyer, object_to_leaving
from shop.orders.refunds import follow_refund
from shop.orders.services import follow_bill


@receiver(bill_changed, dispatch_uid="shop.orders.follow_bill")
def on_bill_changed(sender: type[Bill], bill: Bill, **kwargs: Any) -> None:
    """A bill changed: its order follows, in the same transaction or not at all."""
    follow_bill(bill=bill)


@receiver(refund_changed, dispatch_uid="shop.orders.follow_refund")
def on_refund_changed(sender: type[Refund], refund: Refund, **kwargs: Any) -> None:
    """A refund is done or failed: its order follows, in the same transaction or not at all."""
    follow_refund(refund=refund)


register_copier("orders", copy_orders)
register_farewell(object_to=object_to_leaving, erase=forget_buyer)
register_copier("complaints", copy_complaints)
register_farewell(erase=forget_complaints)
