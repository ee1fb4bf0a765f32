"""Zones, slots and orders, placed the way shoppers place them."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

import factory
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from payments.models import Bill
from payments.signals import bill_changed
from payments.states import move_bill
from shop.checkout.quotes import make_quote
from shop.checkout.services import Seen, Wanted, place_order
from shop.delivery.models import Delivery, DeliveryEvent, DeliverySlot, DeliveryZone, SlotTemplate
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart

AnyModel = TypeVar("AnyModel", bound=Model)
ADDRESS = {
    "city": "Москва",
    "street": "Тверская улица",
    "house": "7, корп. 2",
    "flat": "12",
    "entrance": "3",
    "floor": "4",
    "intercom": "12К",
    "postcode": "",
}


class ZoneFactory(DjangoModelFactory):
    """A zone where delivery costs 250 ₽, whatever is ordered."""

    class Meta:
        model = DeliveryZone

    code = factory.Sequence(lambda number: f"zone-{number}")
    name_ru = "Москва в пределах МКАД"
    name_en = "Moscow inside the ring road"
    price = Decimal("250.00")
    position = factory.Sequence(int)


class SlotFactory(DjangoModelFactory):
    """A slot of four hours that takes twenty orders, each an hour after the one before.

    They begin at half past, so that none falls on one that a test names by the hour.
    """

    class Meta:
        model = DeliverySlot

    starts_at = factory.Sequence(
        lambda number: (
            timezone.now().replace(minute=30, second=0, microsecond=0) + timedelta(days=1, hours=number)
        )
    )
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(hours=4))
    cut_off_at = factory.LazyAttribute(lambda slot: slot.starts_at - timedelta(hours=3))
    capacity = 20


class PointFactory(ZoneFactory):
    """A point where orders are picked up, for nothing."""

    kind = "pickup"
    name_ru = "Самовывоз на Покровке"
    name_en = "Pick-up in Pokrovka"
    price = Decimal("0.00")
    city = "Москва"
    street = "улица Покровка"
    house = "12"
    hours_ru = "ежедневно, 10:00–21:00"
    hours_en = "every day, 10 am to 9 pm"


class TemplateFactory(DjangoModelFactory):
    """Mondays from ten to two, twenty orders, until three hours before."""

    class Meta:
        model = SlotTemplate

    weekday = 0
    starts = time(10)
    ends = time(14)
    capacity = 20
    cut_off_hours = 3


def want(*, zone: DeliveryZone | None = None, slot: DeliverySlot | None = None, **changes: Any) -> Wanted:
    """What a shopper enters, good in every way unless told otherwise."""
    values: dict[str, Any] = {
        "name": "Анна Ягодкина",
        "phone": "+79991234567",
        "address": dict(ADDRESS),
        "zone_id": (zone or ZoneFactory()).pk,
        "slot_id": (slot or SlotFactory()).pk,
        "comment": "Позвоните за час",
    }
    return Wanted(**values | changes)


def see(user: User, wanted: Wanted, *, agreed: bool = True) -> Seen:
    """What the page shows this user now, both boxes ticked."""
    zone = DeliveryZone.objects.get(pk=wanted.zone_id)
    quote = make_quote(user=user, zone=zone, language="ru")
    return Seen(total=quote.total, basket=quote.basket, agreed=agreed)


def place(user: User, wanted: Wanted | None = None, **changes: Any) -> Order:
    """Place an order of what is in the user's cart."""
    wanted = wanted or want()
    values: dict[str, Any] = {
        "idempotency_key": str(uuid4()),
        "language": "ru",
        "ip_address": "192.0.2.7",
    }
    seen = changes.pop("seen", None) or see(user, wanted)
    return place_order(user=user, wanted=wanted, seen=seen, **values | changes)


def make_order(user: User | None = None, *, lines: int = 1, quantity: int = 2, **changes: Any) -> Order:
    """An order that waits to be paid: two packs of 390 ₽ a line, and delivery for 250 ₽."""
    user = user or UserFactory()
    for _line in range(lines):
        put_in_cart(user, quantity=quantity)
    return place(user, **changes)


@transaction.atomic
def settle(order: Order, status: Bill.Status) -> Order:
    """Bring the order's bill to a state as payments do: moved, stored and told."""
    bill = Bill.objects.get(pk=order.bill_id)
    previous = bill.status
    assert move_bill(bill, status, at=timezone.now())
    if status == Bill.Status.WAITING:
        bill.pay_url, bill.opened_at = "https://qiwi.example/form/?invoice_uid=x", timezone.now()
    bill.save()
    bill_changed.send(sender=Bill, bill=bill, previous=previous)
    return Order.objects.with_details().get(pk=order.pk)


def multiply(order: Order, count: int) -> None:
    """So many more orders like this one, of the same shopper and in the same slot, written in bulk."""
    first = Order.objects.count()
    DeliverySlot.objects.filter(pk=order.delivery.slot_id).update(capacity=10_000, taken=first + count)
    bills = Bill.objects.bulk_create(
        copy_row(order.bill, pk=uuid4(), external_id="") for _number in range(count)
    )
    deliveries = Delivery.objects.bulk_create(copy_row(order.delivery) for _number in range(count))
    orders = Order.objects.bulk_create(
        copy_row(order, number=f"AB-{number:06d}", idempotency_key=str(number), bill=bill, delivery=delivery)
        for number, (bill, delivery) in enumerate(zip(bills, deliveries, strict=True), start=first)
    )
    for rows in (order.lines.all(), order.events.all()):
        rows.model.objects.bulk_create(copy_row(row, order=copied) for row in rows for copied in orders)
    events = order.delivery.events.all()
    DeliveryEvent.objects.bulk_create(
        copy_row(event, delivery=delivery) for event in events for delivery in deliveries
    )


def copy_row(row: AnyModel, pk: object = None, **changes: object) -> AnyModel:
    """The same row under another key, and with what changes; not stored."""
    values = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}
    return type(row)(**values | {row._meta.pk.name: pk} | changes)
