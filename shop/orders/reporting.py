"""Telling staff what a night's comparison found."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from core.money import format_money
from core.outbox import post_mail
from core.seller import get_seller
from shop.orders.invariants import Violation
from shop.orders.models import Mismatch, Reconciliation

LISTED = 50


def post_money_report(run: Reconciliation, violations: Sequence[Violation]) -> bool:
    """Have staff sent the list of all that does not match, once a night, within the caller's transaction.

    Without an address there is nobody to tell: the log has said it. Says whether there is one.
    """
    address = settings.STAFF_EMAIL or get_seller().email
    if not address:
        return False
    rows = Mismatch.objects.open().select_related("order").order_by("found_at", "pk")
    with override(settings.LANGUAGE_CODE):
        facts = describe_report(run, rows=rows[:LISTED], rows_count=rows.count(), violations=violations)
    post_mail(
        template="orders/reconciliation",
        context=facts,
        to=address,
        language=settings.LANGUAGE_CODE,
        key=f"reconciliation:{run.day:%Y-%m-%d}",
    )
    return True


def describe_report(
    run: Reconciliation, *, rows: Iterable[Mismatch], rows_count: int, violations: Sequence[Violation]
) -> dict[str, Any]:
    """What the report says, in words of the active language."""
    return {
        "day": f"{run.day:%d.%m.%Y}",
        "asked": run.asked,
        "repaired": run.repaired,
        "unasked": run.unasked,
        "rows": [_describe_row(row) for row in rows],
        "rows_count": rows_count,
        "violations": [
            {"check": one.check, "subject": one.subject, "detail": one.detail} for one in violations[:LISTED]
        ],
        "violations_count": len(violations),
        "list_url": settings.SITE_URL + reverse("wagtailsnippets_shop_mismatch:list"),
    }


def _describe_row(row: Mismatch) -> dict[str, str]:
    return {
        "what": capfirst(row.get_kind_display()),
        "number": row.order.number if row.order else "",
        "since": f"{timezone.localtime(row.found_at):%d.%m.%Y %H:%M}",
        "sum": "" if row.amount is None else format_money(row.amount),
    }
