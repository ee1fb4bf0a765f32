"""Keeping what providers said: each message once, forever."""

import hashlib
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.prepared import Prepared
from payments.models import Bill, BillEvent
from payments.providers.base import RemoteBill, WebhookHint

logger = logging.getLogger(__name__)


def store_notification(*, provider: str, hint: WebhookHint) -> tuple[BillEvent, bool]:
    """Store a notification unless it is already here; return it and whether it is new.

    One about a bill we never made is kept too, and raises an alarm.
    """
    bill_id = find_bill_id(provider=provider, hint=hint)
    now = timezone.now()
    event = BillEvent(
        provider=provider,
        dedupe_key=hint.dedupe_key,
        bill_id=bill_id,
        external_id=hint.external_id,
        source=BillEvent.Source.WEBHOOK,
        payload=dict(hint.payload),
        received_at=now,
        processed_at=None if bill_id else now,
        result=BillEvent.Result.NONE if bill_id else BillEvent.Result.UNKNOWN_BILL,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)  # most are new: the constraint is asked, not a question before it
    except IntegrityError:
        return BillEvent.objects.get(provider=provider, dedupe_key=hint.dedupe_key), False
    if bill_id is None:
        logger.error("%s tells of a bill we never made: %s", provider, hint.external_id)
    return event, True


def store_stranger(*, provider: str, remote: RemoteBill) -> BillEvent | None:
    """Store a paid bill of the provider's that none of ours stands for, once; the message, if it is new.

    Where it bears the number of one of ours, that one may have been paid twice: comparing it will tell.
    """
    bill = Bill.objects.filter(provider=provider, pk=remote.bill_id).first() if remote.bill_id else None
    event, is_new = BillEvent.objects.get_or_create(
        provider=provider,
        dedupe_key=f"list:{remote.external_id}"[:100],
        defaults={
            "bill": bill,
            "external_id": remote.external_id,
            "source": BillEvent.Source.POLL,
            "payload": dict(remote.raw),
            "processed_at": timezone.now(),
            "result": BillEvent.Result.IGNORED if bill else BillEvent.Result.UNKNOWN_BILL,
        },
    )
    if is_new:
        logger.error("%s was paid a bill that we don't have: %s", provider, remote.external_id)
    return event if is_new else None


def find_numbered(provider: str, number: str) -> QuerySet[Bill, UUID]:
    """The id of the bill that the provider calls so."""
    bills = Bill.objects.filter(provider=provider, external_id=number)
    return bills.order_by().values_list("pk", flat=True)


_NUMBERED = Prepared(find_numbered, "a provider", "a number")


def find_bill_id(*, provider: str, hint: WebhookHint) -> UUID | None:
    """Return the id of the bill a notification means, if we have it."""
    named = _NUMBERED.fetch_first(provider, hint.external_id) if hint.external_id else None
    if named or not hint.bill_id:
        return named
    # Told before we stored the provider's number, or its answer with the number got lost.
    bills = Bill.objects.filter(provider=provider, pk=hint.bill_id)
    return bills.values_list("pk", flat=True).first()


def record_answer(
    *,
    bill: Bill,
    source: BillEvent.Source,
    result: BillEvent.Result,
    remote: RemoteBill | None = None,
    detail: str = "",
) -> None:
    """Keep an answer to a request of ours. The same again adds nothing; an alarm is logged each time."""
    if result in BillEvent.ALARMS:
        logger.error("Bill %s needs a look: %s %s", bill.pk, result, detail)
    BillEvent.objects.bulk_create(
        [
            BillEvent(
                provider=bill.provider,
                bill=bill,
                external_id=remote.external_id if remote else bill.external_id or str(bill.pk),
                source=source,
                dedupe_key=_fingerprint(bill, source, result, remote, detail),
                payload=dict(remote.raw) if remote else {},
                processed_at=timezone.now(),
                result=result,
                detail=detail,
            )
        ],
        ignore_conflicts=True,
    )


def close_notifications(*, bill: Bill, asked_at: datetime, result: BillEvent.Result) -> None:
    """Mark as read what came before we asked the provider; what came later may know more than its answer."""
    unread = BillEvent.objects.filter(bill=bill, processed_at=None, received_at__lte=asked_at)
    unread.update(processed_at=timezone.now(), result=result)


def _fingerprint(
    bill: Bill,
    source: BillEvent.Source,
    result: BillEvent.Result,
    remote: RemoteBill | None,
    detail: str,
) -> str:
    said: tuple[Any, ...] = ()
    if remote:
        said = (remote.status, remote.changed_at, remote.amount, remote.currency, remote.account)
    text = "|".join(str(part) for part in (bill.pk, result, detail, *said))
    return f"{source}:{hashlib.sha256(text.encode()).hexdigest()}"
