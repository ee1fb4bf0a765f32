"""Who bought something, for those who write to them."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower

from shop.orders.models import Order


def list_buyers(since: datetime | None) -> QuerySet[Order, str]:
    """The addresses, in lower case, that orders were paid from, since then or ever; for a subquery."""
    paid = Order.objects.filter(paid_at__isnull=False).order_by()
    if since is not None:
        paid = paid.filter(paid_at__gte=since)
    return paid.annotate(lower_email=Lower("user__email")).values_list("lower_email", flat=True)
