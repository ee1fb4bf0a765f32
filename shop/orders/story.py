"""Everything that happened to an order and its money, as one list for staff: told by the rows themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.money import format_money
from payments.models import Bill, BillEvent, Refund, Settlement
from shop.delivery.models import Delivery
from shop.orders.models import Cheque, Letter, Order, OrderEvent

TITLES: dict[str, Promise] = {
    "placed": gettext_lazy("Order placed"),
    "paid": gettext_lazy("Order paid"),
    "rejected": gettext_lazy("Order canceled"),
    "expired": gettext_lazy("Order not paid in time"),
    "canceled": gettext_lazy("Paid order canceled"),
    "complained": gettext_lazy("Shopper complained"),
    "complaint_answered": gettext_lazy("Complaint answered"),
    "revived": gettext_lazy("Order taken up again: the money came late"),
    "refund_due": gettext_lazy("Money came for an order that was closed: it has to go back"),
    "refund_requested": gettext_lazy("Refund requested"),
    "refunded": gettext_lazy("Money given back"),
    "refund_failed": gettext_lazy("Refund failed"),
    "mismatch_found": gettext_lazy("Mismatch found"),
    "mismatch_settled": gettext_lazy("Mismatch settled"),
    "mail_sent_again": gettext_lazy("Sent again"),
    "asked_again": gettext_lazy("Provider asked again"),
    "note": pgettext_lazy("story", "Note"),
    "packs_taken_off": gettext_lazy("Packs taken off"),
    "address_changed": gettext_lazy("Address changed"),
    "slot_changed": gettext_lazy("Delivery time changed"),
}
# What details are called; those that speak for themselves have no name, the others their own.
NAMES: dict[str, Promise | str] = {
    **dict.fromkeys(("text", "note", "packs", "fields"), ""),
    "amount": pgettext_lazy("story", "sum"),
    "total": pgettext_lazy("story", "sum"),
    "left": pgettext_lazy("story", "left"),
    "reason": pgettext_lazy("story", "reason"),
    "reference": pgettext_lazy("story", "transfer"),
    "was": pgettext_lazy("story", "was"),
    "now": pgettext_lazy("story", "now"),
}
# The delivery tells of these itself.
TOLD_BY_DELIVERY = ("packing", "handed_over", "on_the_way", "delivered", "failed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, what, its details, who did it; `payload`: what a provider said."""

    at: datetime
    title: str
    details: str = ""
    who: str = ""
    payload: str = ""


def tell_story(*, order: Order | None, bill: Bill | None) -> list[Entry]:
    """All that happened, oldest first, in the same queries however much it is."""
    entries: list[Entry] = []
    if order:
        entries += _tell_order(order)
    if bill:
        entries += _tell_bill(bill)
    return sorted(entries, key=lambda entry: entry.at)


def _tell_order(order: Order) -> Iterator[Entry]:
    for event in order.events.exclude(event__in=TOLD_BY_DELIVERY).select_related("by"):
        yield _tell_event(event)
    for step in order.delivery.events.select_related("by"):
        title = _("Delivery: %(status)s") % {"status": step.get_status_display()}
        yield Entry(step.at, title, step.note, str(step.by or ""))
    cheque = Cheque.objects.filter(order=order).first()
    if cheque:
        yield from _tell_mail(_("Cheque"), cheque)
    for letter in order.letters.all():
        yield from _tell_mail(_("Letter: %(kind)s") % {"kind": letter.get_kind_display()}, letter)


def _tell_event(event: OrderEvent) -> Entry:
    details = {name: value for name, value in event.details.items() if value not in ("", None)}
    if "fields" in details:
        details["fields"] = _name_fields(details["fields"])
    title = str(TITLES.get(event.event, event.event))
    return Entry(event.at, title, _join(details), str(event.by or ""))


def _tell_mail(name: str, mail: Cheque | Letter) -> Iterator[Entry]:
    yield Entry(mail.created_at, _("%(mail)s: due") % {"mail": name})
    if mail.sent_at:
        yield Entry(mail.sent_at, _("%(mail)s: sent") % {"mail": name})
    elif mail.status == mail.Status.FAILED and mail.claimed_at:
        yield Entry(mail.claimed_at, _("%(mail)s: can't be sent") % {"mail": name}, mail.failure)
    elif mail.claimed_at:
        yield Entry(
            mail.claimed_at, _("%(mail)s: being sent, nobody knows whether it went out") % {"mail": name}
        )


def _tell_bill(bill: Bill) -> Iterator[Entry]:
    yield Entry(bill.created_at, _("Bill made"), f"{bill.pk}, {format_money(bill.amount, bill.currency)}")
    for event in bill.events.all():
        yield describe_bill_event(event)
    for refund in bill.refunds.select_related("requested_by"):
        yield from _tell_refund(refund)
    for settlement in Settlement.objects.filter(bill=bill):
        yield from _tell_settlement(settlement)


def describe_bill_event(event: BillEvent) -> Entry:
    """What a provider said, and what we did with it."""
    title = _("Provider, %(source)s: %(result)s") % {
        "source": event.get_source_display(),
        "result": event.get_result_display(),
    }
    payload = json.dumps(event.payload, ensure_ascii=False, indent=2) if event.payload else ""
    return Entry(event.received_at, title, event.detail, event.provider, payload)


def _tell_refund(refund: Refund) -> Iterator[Entry]:
    what = format_money(refund.amount, refund.bill.currency)
    who = str(refund.requested_by or "")
    way = _("by hand, %(reference)s") % {"reference": refund.external_id} if refund.by_hand else refund.reason
    yield Entry(refund.created_at, _("Refund of %(sum)s begun") % {"sum": what}, way, who)
    if refund.sent_at:
        yield Entry(
            refund.sent_at, _("Refund of %(sum)s sent to the provider") % {"sum": what}, refund.external_id
        )
    if refund.finished_at:
        title = _("Refund of %(sum)s: %(status)s") % {"sum": what, "status": refund.get_status_display()}
        yield Entry(refund.finished_at, title, refund.failure)


def _tell_settlement(settlement: Settlement) -> Iterator[Entry]:
    what = format_money(settlement.amount)
    yield Entry(settlement.created_at, _("Receipt of handing over for %(sum)s due") % {"sum": what})
    if settlement.checked_at:
        title = _("Receipt of handing over: %(status)s") % {"status": settlement.get_status_display()}
        details = ", ".join(filter(None, [settlement.external_id, settlement.failure]))
        yield Entry(settlement.checked_at, title, details)


def _join(details: dict[str, Any]) -> str:
    named = ((NAMES.get(name, name), value) for name, value in details.items())
    return ", ".join(f"{name}: {value}" if name else str(value) for name, value in named)


def _name_fields(names: str) -> str:
    """The delivery's fields as people call them."""
    known = {field.name: str(field.verbose_name) for field in Delivery._meta.concrete_fields}
    return ", ".join(known.get(name, name) for name in names.split(", "))
