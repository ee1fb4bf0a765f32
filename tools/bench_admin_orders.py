"""Orders by the hundred thousand for `make bench-admin`: invented, the same on every run, written by COPY."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

CHUNK = 5_000
USERS = 2_000
SLOTS_A_DAY = 3
ORDERS_A_SLOT = 60
FIRST = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл")
LAST = ("Ягодкин", "Лесной", "Малинин", "Черников", "Смородин", "Вишнев", "Клюквин", "Рябинин")
PRICE = Decimal("390.00")
DELIVERY = Decimal("250.00")
# How the orders of a shop at work stand: most are brought, some wait, some were given up.
STATES = (
    *[("delivered", "delivered", "paid")] * 80,
    *[("expired", "canceled", "expired")] * 8,
    *[("rejected", "canceled", "rejected")] * 4,
    *[("refunded", "canceled", "paid")] * 2,
    *[("paid", "packing", "paid")] * 4,
    ("in_delivery", "on_the_way", "paid"),
    ("pending", "waiting", "created"),
)


def grow_orders(total: int, now: datetime) -> None:
    """Write so many orders with bills, deliveries, lines and events. The demo must be loaded."""
    from django.db import connection, transaction  # noqa: PLC0415 (Django has to be set up first)

    from shop.catalog.models import Pack  # noqa: PLC0415

    users, slots = make_users(), make_slots(total, now)
    packs = list(Pack.objects.values_list("pk", flat=True)[:50])
    for start in range(0, total, CHUNK):
        numbers = range(start, min(start + CHUNK, total))
        with transaction.atomic():
            write_chunk(numbers, users, slots, packs)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_users() -> list[int]:
    """The keys of invented shoppers."""
    from accounts.models import User  # noqa: PLC0415 (Django has to be set up first)

    people = [
        User(
            email=f"shopper{number}@example.org",
            name=f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}",
            phone=f"+7916{number:07d}",
        )
        for number in range(USERS)
    ]
    return [user.pk for user in User.objects.bulk_create(people, batch_size=CHUNK)]


def make_slots(total: int, now: datetime) -> list[Any]:
    """Slots of four hours for all of the orders, three a day, the last of them in three days."""
    from shop.delivery.models import DeliverySlot  # noqa: PLC0415 (Django has to be set up first)

    count = total // ORDERS_A_SLOT + 1
    last = now.replace(hour=7, minute=30, second=0, microsecond=0) + timedelta(days=3)
    starts = [
        last - timedelta(days=place // SLOTS_A_DAY) + timedelta(hours=4 * (place % SLOTS_A_DAY))
        for place in range(count)
    ]
    return DeliverySlot.objects.bulk_create(
        DeliverySlot(
            starts_at=start,
            ends_at=start + timedelta(hours=4),
            cut_off_at=start - timedelta(hours=3),
            capacity=ORDERS_A_SLOT + 1,
        )
        for start in reversed(starts)
    )


def write_chunk(numbers: range, users: list[int], slots: list[Any], packs: list[int]) -> None:
    """Invent and write the orders of these numbers."""
    from anyberry.demo.copying import copy_rows, reserve_ids  # noqa: PLC0415 (Django has to be set up first)
    from payments.models import Bill  # noqa: PLC0415
    from shop.delivery.models import Delivery, DeliveryZone  # noqa: PLC0415
    from shop.orders.models import Order, OrderEvent, OrderLine  # noqa: PLC0415

    zones = list(DeliveryZone.objects.filter(slots=None))
    rows: dict[Any, list[Any]] = {model: [] for model in (Bill, Delivery, Order, OrderLine, OrderEvent)}
    keys = zip(reserve_ids(Delivery, len(numbers)), reserve_ids(Order, len(numbers)), strict=True)
    for number, (delivery_id, order_id) in zip(numbers, keys, strict=True):
        chance = Random(number)  # noqa: S311 -- invented orders, not secrets
        slot = slots[number // ORDERS_A_SLOT]
        facts = describe(number, slot, chance)
        rows[Bill].append(Bill(pk=facts["bill_id"], **facts["bill"]))
        rows[Delivery].append(
            Delivery(pk=delivery_id, slot=slot, zone=chance.choice(zones), **facts["delivery"])
        )
        rows[Order].append(
            Order(
                pk=order_id,
                bill_id=facts["bill_id"],
                delivery_id=delivery_id,
                user_id=users[number % USERS],
                **facts["order"],
            )
        )
        rows[OrderLine] += invent_lines(order_id, packs, chance)
        rows[OrderEvent].append(OrderEvent(order_id=order_id, event="placed", at=facts["order"]["placed_at"]))
    for model in (OrderLine, OrderEvent):
        for row, pk in zip(rows[model], reserve_ids(model, len(rows[model])), strict=True):
            row.pk = pk
    for model, objects in rows.items():
        copy_rows(model, objects)


def invent_lines(order_id: int, packs: list[int], chance: Random) -> Iterator[Any]:
    """Two packs of one price, so that the sum is the same for all."""
    from shop.orders.models import OrderLine  # noqa: PLC0415 (Django has to be set up first)

    for pack_id in chance.sample(packs, k=2):
        yield OrderLine(
            order_id=order_id,
            pack_id=pack_id,
            title="Клюква, Вологодская область",
            weight_g=500,
            price=PRICE,
            quantity=1,
            total=PRICE,
            vat_code=2,
        )


def describe(number: int, slot: Any, chance: Random) -> dict[str, Any]:
    """The fields of the bill, the delivery and the order of this number."""
    status, delivery_status, bill_status = chance.choice(STATES)
    placed_at = slot.starts_at - timedelta(hours=chance.randrange(6, 72), seconds=number % 3600)
    paid_at = placed_at + timedelta(minutes=5) if bill_status == "paid" else None
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    phone = f"+79{chance.randrange(10**9):09d}"
    total = PRICE * 2 + DELIVERY
    bill = {
        "amount": total,
        "status": bill_status,
        "provider": "qiwi",
        "comment": "",
        "created_at": placed_at,
        "expires_at": placed_at + timedelta(hours=1),
        "paid_at": paid_at,
    }
    delivery = {
        "status": delivery_status,
        "city": "Москва",
        "street": f"улица {number % 500}",
        "house": str(number % 90 + 1),
        "recipient": name,
        "phone": phone,
        "price": DELIVERY,
        "vat_code": 2,
    }
    order = {
        "number": make_number(number),
        "status": status,
        "language": "ru",
        "email": f"shopper{number % USERS}@example.org",
        "name": name,
        "phone": phone,
        "goods_total": PRICE * 2,
        "delivery_price": DELIVERY,
        "total": total,
        "offer_version": "1",
        "privacy_version": "1",
        "idempotency_key": str(number),
        "fingerprint": "",
        "placed_at": placed_at,
        "paid_at": paid_at,
    }
    return {"bill_id": UUID(int=number + 1), "bill": bill, "delivery": delivery, "order": order}


def make_number(number: int) -> str:
    """The order's number: none is made twice."""
    from shop.orders.numbers import ALPHABET, LENGTH  # noqa: PLC0415 (Django has to be set up first)

    letters = []
    for _place in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "AB-" + "".join(letters)
