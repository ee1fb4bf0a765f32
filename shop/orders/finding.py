"""Finding what does not match: each function looks at one thing, opens rows and closes those that are over.

`examine_bill` asks the provider, outside any transaction; the others ask the database alone.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from payments.models import Bill, BillEvent, Refund
from payments.services import Aspect, Difference, audit_bill, sync_bill
from shop.orders.mismatches import Kind, name_subject, open_mismatch, settle_rows
from shop.orders.models import Cheque, Letter, Mismatch, Order
from shop.orders.services import catch_up

logger = logging.getLogger(__name__)

BATCH = 500
REFUND_STUCK_AFTER = timedelta(hours=6)
ALARMS_LOOKED_BACK = timedelta(days=2)
# How payments begin to say that more went back than was asked for.
REFUNDED = "refunded: "
# How an order stands that was paid and went on.
GOES_ON = ("paid", "in_delivery", "delivered", "refunded")
ASPECTS = {
    Aspect.MISSING: Kind.BILL_MISSING,
    Aspect.IDENTITY: Kind.AMOUNT_DIFFERS,
    Aspect.STATUS: Kind.OUT_OF_STEP,
    Aspect.REFUND_UNKNOWN: Kind.REFUND_UNKNOWN,
    Aspect.REFUND_MISSING: Kind.OUT_OF_STEP,
    Aspect.PAID_TWICE: Kind.PAID_TWICE,
}
# What asking the provider about a bill can find out to be over.
AUDITED = (*set(ASPECTS.values()), Kind.REFUSED)
# What is said of a mail that did not go out, or perhaps not.
MAILS = (Kind.CHEQUE_STUCK, Kind.LETTER_STUCK, Kind.MAIL_REFUSED)
ALARMS = {
    BillEvent.Result.MISMATCH: Kind.AMOUNT_DIFFERS,
    BillEvent.Result.UNKNOWN_BILL: Kind.BILL_UNKNOWN,
    BillEvent.Result.UNKNOWN_STATUS: Kind.OUT_OF_STEP,
    BillEvent.Result.REFUSED: Kind.REFUSED,
    BillEvent.Result.NOT_FOUND: Kind.BILL_MISSING,
}


def examine_bill(*, bill_id: UUID) -> bool:
    """Compare a bill with its provider and its order; say whether something had to be brought in step.

    Where only its status differs, the bill and its order follow the provider at once. All that then still
    differs is open afterwards, and all that doesn't is settled. Raises what `audit_bill` raises.
    """
    differences = audit_bill(bill_id=bill_id)
    follows = any(difference.aspect == Aspect.STATUS for difference in differences)
    if follows:
        logger.warning("Bill %s is not in step with its provider: %s", bill_id, differences)
        sync_bill(bill_id=bill_id)
        differences = audit_bill(bill_id=bill_id)
    bill = Bill.objects.get(pk=bill_id)
    order = Order.objects.filter(bill=bill).first()
    late = order is not None and Order.objects.out_of_step().filter(pk=order.pk).exists()
    if order and late:
        catch_up(order=order)
    _note_differences(bill, order, differences)
    return late or (follows and not differences)


def _note_differences(bill: Bill, order: Order | None, differences: list[Difference]) -> None:
    found = {ASPECTS[difference.aspect]: difference for difference in differences}
    for kind, difference in found.items():
        open_mismatch(kind, bill, order=order, bill=bill, amount=difference.amount, said=describe(difference))
    over = Mismatch.objects.open().filter(bill=bill, kind__in=[kind for kind in AUDITED if kind not in found])
    settle_rows(over)


def describe(difference: Difference) -> str:
    """Say what differs, in the words that payments' own records use."""
    if difference.aspect == Aspect.IDENTITY:
        return difference.theirs
    names = {Aspect.REFUND_UNKNOWN: "refunded", Aspect.REFUND_MISSING: "refunded", Aspect.MISSING: ""}
    name = names.get(difference.aspect, str(difference.aspect))
    return f"{name}: ours {difference.ours}, theirs {difference.theirs}" if name else ""


def note_alarms(now: datetime) -> int:
    """Open a row for each alarm payments raised lately that has none yet; how many are new."""
    alarms = _list_unnoted(now).select_related("bill__order").order_by("received_at", "pk")
    return sum(_note_alarm(event) for event in alarms[:BATCH])


def _list_unnoted(now: datetime) -> QuerySet[BillEvent]:
    """The late alarms without a row: no open one, none found since, none that a person settled as it stands.

    The database leaves the others out, so that however many they are, they take no place of a new one.
    """
    kinds = [When(result=result, then=Value(str(kind))) for result, kind in ALARMS.items()]
    unknown_refund = When(detail__startswith=REFUNDED, then=Value(str(Kind.REFUND_UNKNOWN)))
    of_event = Concat(Value("billevent:"), Cast("pk", CharField()))
    of_bill = Concat(Value("bill:"), Cast("bill_id", CharField()))
    alarms = BillEvent.objects.filter(
        result__in=BillEvent.ALARMS, received_at__gte=now - ALARMS_LOOKED_BACK
    ).alias(kind=Case(unknown_refund, *kinds), subject=Case(When(bill=None, then=of_event), default=of_bill))
    known = (
        Q(settled_at=None)
        | Q(found_at__gte=OuterRef("received_at"))
        | Q(how=Mismatch.How.BY_PERSON, said=OuterRef("detail"))
    )
    rows = Mismatch.objects.alias(said=KT("details__said"))
    return alarms.exclude(Exists(rows.filter(known, kind=OuterRef("kind"), subject=OuterRef("subject"))))


def _note_alarm(event: BillEvent) -> bool:
    kind, amount = ALARMS[BillEvent.Result(event.result)], None
    if event.detail.startswith(REFUNDED):
        kind, amount = Kind.REFUND_UNKNOWN, _read_excess(event.detail)
    order = getattr(event.bill, "order", None)
    subject = event.bill or event
    row = open_mismatch(kind, subject, order=order, bill=event.bill, amount=amount, said=event.detail)
    return row is not None


def _read_excess(detail: str) -> Decimal | None:
    """How much more went back than was asked for, of "refunded: ours 0, theirs 10.00"."""
    ours, _, theirs = detail.removeprefix("refunded: ours ").partition(", theirs ")
    try:
        return Decimal(theirs) - Decimal(ours)
    except InvalidOperation:
        return None


def note_stuck_mails(now: datetime) -> int:
    """Open a row for each mail that is stuck or late, settle those that went out; how many are stuck."""
    cheques, letters = Cheque.objects.select_related("order"), Letter.objects.select_related("order")
    stuck: list[Cheque | Letter] = list((cheques.stuck(now) | cheques.late(now))[:BATCH])
    stuck += list((letters.stuck(now) | letters.late(now))[:BATCH])
    for mail in stuck:
        _note_stuck(mail)
    _settle_sent(Cheque.objects.filter(status="sent"))
    _settle_sent(Letter.objects.filter(status="sent"))
    return len(stuck)


def _note_stuck(mail: Cheque | Letter) -> None:
    kind = Kind.CHEQUE_STUCK if isinstance(mail, Cheque) else Kind.LETTER_STUCK
    name = mail._meta.model_name
    logger.error("The %s of order %s is stuck: it may or may not have been sent", name, mail.order)
    open_mismatch(kind, mail, order=mail.order, status=mail.status)
    rows = Mismatch.objects.open().filter(kind=kind, subject=name_subject(mail))
    # Sent again, and stuck again: it waits for somebody once more.
    rows.filter(taken_at__lt=mail.claimed_at or mail.created_at).update(taken_at=None, taken_by=None)


def _settle_sent(sent: "QuerySet[Cheque] | QuerySet[Letter]") -> None:
    """Settle what is open about mails that went out after all."""
    prefix = f"{sent.model._meta.model_name}:"
    open_rows = Mismatch.objects.open().filter(kind__in=MAILS, subject__startswith=prefix)
    rows = {int(row.subject.removeprefix(prefix)): row for row in open_rows}
    settle_rows([rows[pk] for pk in sent.filter(pk__in=rows).values_list("pk", flat=True)])


def note_missing_cheques() -> int:
    """Open a row for each order that was paid, went on and has no cheque: there should be none."""
    orders = Order.objects.filter(status__in=GOES_ON, cheque=None).order_by("pk")[:BATCH]
    for order in orders:
        open_mismatch(Kind.CHEQUE_MISSING, order, order=order)
    settle_rows(Mismatch.objects.open().filter(kind=Kind.CHEQUE_MISSING, order__cheque__isnull=False))
    return len(orders)


def note_stuck_refunds(now: datetime) -> int:
    """Open a row for each refund that the provider has not finished in six hours."""
    refunds = Refund.objects.filter(
        status__in=("requested", "pending"), created_at__lte=now - REFUND_STUCK_AFTER
    ).select_related("bill__order")[:BATCH]
    for refund in refunds:
        order = getattr(refund.bill, "order", None)
        open_mismatch(
            Kind.REFUND_STUCK,
            refund,
            order=order,
            bill=refund.bill,
            amount=refund.amount,
            refund=str(refund.pk),
            status=refund.status,
        )
    return len(refunds)


def note_forgotten_money() -> int:
    """Open a row for each order that was paid after it was closed and of whose money nobody has taken notice.

    There should be none but those from before there were such rows.
    """
    owing = Order.objects.filter(needs_refund=True).exclude(
        pk__in=Mismatch.objects.owing().exclude(order=None).values("order")
    )
    orders = owing.select_related("bill").order_by("pk")[:BATCH]
    for order in orders:
        open_mismatch(
            Kind.PAID_LATE,
            order,
            order=order,
            bill=order.bill,
            amount=order.bill.amount,
            order_was=order.status,
        )
    return len(orders)
