"""Bills in every state, as the services leave them."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from payments.models import Bill, BillEvent


class BillFactory(DjangoModelFactory):
    """A bill that is not yet known to its provider."""

    class Meta:
        model = Bill

    id = factory.LazyFunction(uuid4)
    external_id = factory.LazyAttribute(lambda bill: str(bill.id))
    provider = "qiwi"
    amount = Decimal("1250.00")
    comment = "Anyberry 17"
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda bill: bill.created_at + timedelta(hours=1))
    status_changed_at = factory.LazyAttribute(lambda bill: bill.created_at)

    class Params:
        waiting = factory.Trait(
            status=Bill.Status.WAITING,
            account="9hh4jb-00",
            pay_url="http://127.0.0.1:1/form/?invoice_uid=x",
            opening_at=factory.SelfAttribute("created_at"),
            opened_at=factory.SelfAttribute("created_at"),
        )
        paid = factory.Trait(
            waiting=True, status=Bill.Status.PAID, paid_at=factory.SelfAttribute("created_at")
        )
        rejected = factory.Trait(waiting=True, status=Bill.Status.REJECTED)
        expired = factory.Trait(waiting=True, status=Bill.Status.EXPIRED)


class BillEventFactory(DjangoModelFactory):
    """A notification nobody has read yet."""

    class Meta:
        model = BillEvent

    bill = factory.SubFactory(BillFactory, waiting=True)
    provider = factory.SelfAttribute("bill.provider")
    external_id = factory.LazyAttribute(lambda event: str(event.bill.pk))
    source = BillEvent.Source.WEBHOOK
    dedupe_key = factory.Sequence(lambda number: f"webhook:{number}")
    payload = factory.LazyFunction(dict)
