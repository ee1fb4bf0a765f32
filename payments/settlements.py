"""Deciding that the second fiscal receipt is due: goods that were paid for beforehand are handed over.

54-FZ, article 1.2; the first receipt, of the prepayment, is made with the payment itself. Nothing here calls
a provider: a task does, after commit.
"""

from uuid import UUID

from django.db import transaction

from core.tasks import enqueue_after_commit
from payments import tasks
from payments.models import Bill, Settlement
from payments.providers import get_provider
from payments.providers.base import Unsupported
from payments.receipts import ReceiptDraft


@transaction.atomic
def request_settlement(*, bill_id: UUID) -> Settlement | None:
    """Have the receipt of handing over made for what is left of a paid bill, once; None where none is due.

    None is due where the provider makes no receipts, the bill has no lines, or all its money went back.
    """
    bill = Bill.objects.locked(bill_id)
    draft = ReceiptDraft.read(bill.receipt)
    left = bill.amount - bill.refunds.counting().get_total()
    if bill.status != Bill.Status.PAID or draft is None or left <= 0 or not _makes_receipts(bill):
        return None
    if left != bill.amount:
        draft = draft.take_share(left)
    facts = {"amount": left, "receipt": draft.settled().write()}
    settlement, is_new = Settlement.objects.get_or_create(bill=bill, defaults=facts)
    if is_new:
        enqueue_after_commit(tasks.send_settlement, settlement_id=str(settlement.pk))
    return settlement


def _makes_receipts(bill: Bill) -> bool:
    try:
        return get_provider(bill.provider).capabilities.fiscal_receipts
    except Unsupported:  # a provider of former times
        return False
