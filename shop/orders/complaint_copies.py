"""What complaints keep of a shopper: a copy for them, and what is forgotten when they leave."""

from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from core.photos import store_privately
from shop.orders.models import Complaint, ComplaintLine


def copy_complaints(user: User) -> list[dict[str, Any]]:
    """What they complained about, and what was answered, newest first."""
    names = ("order__number", "text", "status", "answer", "amount", "created_at", "answered_at")
    return [dict(row) for row in Complaint.objects.filter(order__user=user).values(*names)]


def forget_complaints(user: User) -> None:
    """Leave what was bad and what it cost, without the words and photos of the shopper."""
    lines = ComplaintLine.objects.filter(complaint__order__user=user).exclude(photo="")
    photos = list(lines.values_list("photo", flat=True))
    lines.update(photo="")
    Complaint.objects.filter(order__user=user).update(text="")
    transaction.on_commit(partial(delete_photos, photos), robust=True)


def delete_photos(names: list[str]) -> None:
    """Remove the files; one that is gone already is no fault."""
    storage = store_privately()
    for name in names:
        storage.delete(name)
