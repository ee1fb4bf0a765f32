"""Opening and closing the rows that say what does not match. Whoever finds something out calls this."""

import logging
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from payments.models import Bill
from shop.orders.models import Mismatch, Order
from shop.orders.trail import record_event

logger = logging.getLogger(__name__)
Kind = Mismatch.Kind
How = Mismatch.How


def name_subject(subject: Model) -> str:
    """Name a row, whatever it is: "cheque:17"."""
    return f"{subject._meta.model_name}:{subject.pk}"


def hold(*, bill: Bill | None, order: Order | None) -> None:
    """Lock both, the bill first, within the caller's transaction: rows that name them are written after."""
    if bill:
        Bill.objects.locked(bill.pk)
    if order:
        Order.objects.locked().get(pk=order.pk)


@transaction.atomic
def open_mismatch(
    kind: Mismatch.Kind,
    subject: Model,
    *,
    order: Order | None = None,
    bill: Bill | None = None,
    amount: Decimal | None = None,
    **details: str,
) -> Mismatch | None:
    """Note what does not match; one that is open already is brought up to date. The row, if it is new.

    What a person settled stays settled as long as nothing else is found. A new row is an alarm.
    """
    name = name_subject(subject)
    hold(bill=bill, order=order)
    facts = {"order": order, "bill": bill, "amount": amount, "details": details}
    if Mismatch.objects.filter(kind=kind, subject=name, how=How.BY_PERSON, details=details).exists():
        return None
    row, is_new = Mismatch.objects.get_or_create(kind=kind, subject=name, settled_at=None, defaults=facts)
    if not is_new:
        Mismatch.objects.open().filter(pk=row.pk).update(amount=amount, details=details)
        return None
    logger.error("Money does not match: %s of %s, order %s %s", kind, name, order, details or "")
    if order:
        record_event(order, "mismatch_found", by=None, mismatch=row.pk, kind=kind, **details)
    return row


def close_mismatches(subject: Model, *kinds: Mismatch.Kind) -> int:
    """Settle the open rows of these kinds about the subject, as their cause is gone; how many there were."""
    return settle_rows(Mismatch.objects.open().filter(subject=name_subject(subject), kind__in=kinds))


@transaction.atomic
def settle_rows(rows: Iterable[Mismatch], *, by: User | None = None, note: str = "") -> int:
    """Settle open rows: in the name of `by`, of whoever took them up, or of nobody. How many there were."""
    keys = [row.pk for row in rows]
    if not keys:
        return 0
    list(Order.objects.locked().filter(mismatches__in=keys))
    open_rows = list(Mismatch.objects.open().filter(pk__in=keys).select_related("order", "taken_by").locked())
    for row in open_rows:
        who = by or row.taken_by
        row.settled_at, row.settled_by, row.note = timezone.now(), who, note[:500]
        row.how = How.BY_PERSON if who else How.GONE
        row.save(update_fields=["settled_at", "settled_by", "how", "note"])
        if row.order:
            record_event(
                row.order, "mismatch_settled", by=who, mismatch=row.pk, kind=row.kind, how=row.how, note=note
            )
    return len(open_rows)


def mark_refund_due(order: Order) -> None:
    """Let the order's flag say what its open rows say; the caller holds the order's lock."""
    due = order.mismatches.owing().exists()
    if order.needs_refund != due:
        order.needs_refund = due
        order.save(update_fields=["needs_refund"])
