"""What complaints keep of a shopper: a copy for them, and what is forgotten when they leave."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from core.commits import after_commit
from core.photos import delete_photos
from shop.orders.models import Complaint, ComplaintLine


def copy_complaints(user: User) -> list[dict[str, Any]]:
    """What they complained about, and what was answered, newest first."""
    names = ("pk", "order__number", "text", "status", "answer", "amount", "created_at", "answered_at")
    complaints = Complaint.objects.filter(order__user=user).values(*names)
    lines = copy_lines(user)
    return [row | {"lines": lines.get(row.pop("pk"), [])} for row in complaints]


def copy_lines(user: User) -> dict[int, list[dict[str, Any]]]:
    """What was bad, by complaint; a photo as the link that opens it."""
    found: dict[int, list[dict[str, Any]]] = {}
    lines = ComplaintLine.objects.filter(complaint__order__user=user).select_related(
        "complaint__order", "line"
    )
    for bad in lines:
        path = reverse("shop:complaint-photo", args=[bad.complaint.order.number, bad.pk]) if bad.photo else ""
        row = {"title": bad.line.title, "quantity": bad.quantity, "photo": path and settings.SITE_URL + path}
        found.setdefault(bad.complaint_id, []).append(row)
    return found


def forget_complaints(user: User) -> None:
    """Leave what was bad and what it cost, without the words and photos of the shopper."""
    lines = ComplaintLine.objects.filter(complaint__order__user=user).exclude(photo="")
    photos = list(lines.values_list("photo", flat=True))
    lines.update(photo="")
    Complaint.objects.filter(order__user=user).update(text="")
    after_commit(delete_photos, photos)
