"""Counting how often berries are put into carts: a number for a berry and a day, nothing about anybody."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from core.commits import after_commit
from home.readers.models import BerryAdds
from shop.cart.models import CartLine


def count_line(sender: type[CartLine], instance: CartLine, created: bool, **kwargs: Any) -> None:  # noqa: FBT001 -- a receiver
    """A pack came into a cart that it was not in: count it once that is certain."""
    if created:  # these are statistics: the cart stays filled without
        after_commit(count_add, pack_id=instance.pack_id, on=timezone.localdate())


def count_add(*, pack_id: int, on: date) -> None:
    """Add one to the row of the pack's berry, made where it is missing."""
    table = connection.ops.quote_name(BerryAdds._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("on", berry_id, adds) '  # noqa: S608 -- our own table
            "SELECT %s, berry_id, 1 FROM shop_pack WHERE id = %s "
            f'ON CONFLICT ("on", berry_id) DO UPDATE SET adds = {table}.adds + 1',
            [on, pack_id],
        )
