"""What this package does when others tell it news."""

from typing import Any

from django.dispatch import receiver

from payments.models import Bill
from payments.signals import bill_changed
from shop.orders.services import follow_bill


@receiver(bill_changed, dispatch_uid="shop.orders.follow_bill")
def on_bill_changed(sender: type[Bill], bill: Bill, **kwargs: Any) -> None:
    """A bill changed: its order follows, in the same transaction or not at all."""
    follow_bill(bill=bill)
