"""Comparing our bills with what their providers say of them now. No bill is changed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from payments.breaker import guard
from payments.inbox import store_stranger
from payments.models import Bill, BillEvent
from payments.providers import PROVIDERS, get_provider
from payments.providers.base import BillRef, Mismatch, NotFound, RemoteBill, RemoteStatus
from payments.refunding import refer
from payments.states import check_match, describe_mismatch


class Aspect(StrEnum):
    """What may differ."""

    MISSING = "missing"  # the provider doesn't know a bill it made
    IDENTITY = "identity"  # number, account, currency or amount
    STATUS = "status"
    REFUND_UNKNOWN = "refund_unknown"  # more went back there than we asked for: `amount` of it
    REFUND_MISSING = "refund_missing"  # less went back there than it told us
    PAID_TWICE = "paid_twice"  # another of its bills for the same one of ours is paid: `theirs` is its number


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that provider and bill disagree about."""

    aspect: Aspect
    ours: str
    theirs: str
    amount: Decimal | None = None


def audit_bill(*, bill_id: UUID) -> list[Difference]:
    """Ask the provider how the bill stands and say what differs from ours; nothing, if all agrees.

    Raises ProviderUnavailable or Misconfigured where it doesn't say, Unsupported where none is so called.
    A bill that never reached its provider has nothing to be compared with.
    """
    bill = Bill.objects.get(pk=bill_id)
    if bill.opening_at is None:
        return []
    try:
        with guard(bill.provider):
            remote = get_provider(bill.provider).fetch(refer(bill))
    except NotFound:
        known = bill.opened_at is not None
        return [Difference(Aspect.MISSING, bill.status, "")] if known else []
    # Read again: news may have come while the provider was asked.
    bill = Bill.objects.get(pk=bill_id)
    return [*compare(bill, remote), *_find_doubles(bill)]


def list_listing_providers() -> list[str]:
    """The providers that made bills of ours and can say what was paid to them."""
    codes = Bill.objects.filter(provider__in=PROVIDERS).values_list("provider", flat=True).distinct()
    return sorted(code for code in codes.order_by() if get_provider(code).capabilities.lists_paid)


def note_strangers(*, provider: str, since: datetime) -> list[BillEvent]:
    """Ask for everything paid since then and keep what no bill of ours stands for; what of it is new.

    Raises ProviderUnavailable or Misconfigured where it doesn't say.
    """
    with guard(provider):
        paid = get_provider(provider).list_paid(since=since)
    numbers = [remote.external_id for remote in paid]
    known = Bill.objects.filter(provider=provider, external_id__in=numbers)
    ours = set(known.values_list("external_id", flat=True))
    # A bill of ours whose number there we have not heard yet is asked for by our own.
    unheard = set(Bill.objects.filter(provider=provider, external_id="").values_list("pk", flat=True))
    strangers = [
        remote for remote in paid if remote.external_id not in ours and remote.bill_id not in unheard
    ]
    found = [store_stranger(provider=provider, remote=remote) for remote in strangers]
    return [event for event in found if event]


def compare(bill: Bill, remote: RemoteBill) -> list[Difference]:
    """Say what differs between our bill and the provider's."""
    try:
        check_match(bill, remote)
    except Mismatch as error:
        return [Difference(Aspect.IDENTITY, "", describe_mismatch(error, remote))]
    found = []
    if remote.status != bill.status:
        found.append(Difference(Aspect.STATUS, bill.status, str(remote.status)))
    if remote.status == RemoteStatus.PAID and remote.refunded is not None:
        found += _compare_refunds(bill, remote.refunded)
    return found


def _compare_refunds(bill: Bill, theirs: Decimal) -> list[Difference]:
    by_provider = bill.refunds.filter(by_hand=False)
    asked = by_provider.counting().get_total()
    done = by_provider.done().get_total()
    if theirs > asked:
        return [Difference(Aspect.REFUND_UNKNOWN, str(asked), str(theirs), theirs - asked)]
    if theirs < done:
        return [Difference(Aspect.REFUND_MISSING, str(done), str(theirs), done - theirs)]
    return []


def _find_doubles(bill: Bill) -> list[Difference]:
    """Ask about every other number under which the provider ever spoke of this bill."""
    others = bill.events.exclude(external_id__in=[bill.external_id, str(bill.pk), ""])
    found = []
    for number in sorted(set(others.values_list("external_id", flat=True))):
        try:
            with guard(bill.provider):
                remote = get_provider(bill.provider).fetch(BillRef(bill.pk, number))
        except NotFound:
            continue
        if remote.status == RemoteStatus.PAID and remote.external_id != bill.external_id:
            found.append(Difference(Aspect.PAID_TWICE, bill.external_id, number, remote.amount))
    return found
