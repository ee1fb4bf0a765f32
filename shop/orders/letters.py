"""Telling shoppers about money that goes back: first that it will, then that it did."""

from core.tasks import enqueue_after_commit
from payments.models import Refund
from shop.orders import tasks
from shop.orders.models import Letter, Order

Kind = Letter.Kind


def promise_refund(order: Order) -> Letter:
    """Have the shopper told, once an order, that their money will be returned; within the transaction."""
    letter, is_new = Letter.objects.get_or_create(order=order, kind=Kind.REFUND_DUE)
    return _post(letter) if is_new else letter


def report_refund(order: Order, refund: Refund) -> Letter:
    """Have the shopper told, once a refund, that their money was returned; within the transaction."""
    facts = {"order": order, "kind": Kind.REFUNDED}
    letter, is_new = Letter.objects.get_or_create(refund=refund, defaults=facts)
    return _post(letter) if is_new else letter


def _post(letter: Letter) -> Letter:
    enqueue_after_commit(tasks.send_letter, letter_id=letter.pk)
    return letter
