"""Telling shoppers what becomes of their orders and their money: each letter a row, sent after commit."""

from core.tasks import enqueue_after_commit
from payments.models import Refund
from shop.orders import tasks
from shop.orders.models import Letter, Order
from shop.orders.texts import text_shopper

Kind = Letter.Kind


def report_step(order: Order, kind: Letter.Kind, *, reference: str = "", **details: str) -> Letter:
    """Have the shopper told of a step of their order, within the caller's transaction.

    Once an order and kind; where a step can repeat (another slot, a second try to deliver), `reference` says
    which one it is (an event's key, say). `details` go into the letter: `reason` of what failed or was
    canceled, `text` of an answer or of how money went back. Addresses, slot and sums are the order's when it
    is written.
    """
    if kind == Kind.REFUNDED:
        raise ValueError("A refund is told of by report_refund")
    letter, is_new = Letter.objects.get_or_create(
        order=order, kind=kind, reference=reference, defaults={"details": details}
    )
    if is_new and kind == Kind.ON_THE_WAY:
        text_shopper(order, reference=reference)
    return _post(letter) if is_new else letter


def promise_refund(order: Order) -> Letter:
    """Have the shopper told, once an order, that their money will be returned; within the transaction."""
    return report_step(order, Kind.REFUND_DUE)


def report_refund(order: Order, refund: Refund) -> Letter:
    """Have the shopper told, once a refund, that their money was returned; within the transaction."""
    facts = {"order": order, "kind": Kind.REFUNDED}
    letter, is_new = Letter.objects.get_or_create(refund=refund, defaults=facts)
    return _post(letter) if is_new else letter


def _post(letter: Letter) -> Letter:
    enqueue_after_commit(tasks.send_letter, letter_id=letter.pk)
    return letter
