"""Sending a cheque once: the row is claimed, the mail is sent, the row is marked.

Between the claim and the mark nobody can know whether the mail server took the mail. Where it certainly did
not, the claim is given back and the mail is tried again; where that is in doubt, the row stays claimed for a
person to decide about (`jobs.report_stuck_cheques` tells them).
"""

import logging
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from shop.orders.emails import build_cheque
from shop.orders.models import Cheque, Order

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS = 86_400
Status = Cheque.Status


class MailServerAway(Exception):
    """The mail server did not take the mail, which will be sent again."""


def send_cheque(*, order_id: int) -> bool:
    """Send the cheque of an order unless it was sent, or is being sent, by somebody else.

    Says whether this call sent it. Raises MailServerAway where it is to be tried again, and whatever the mail
    server's connection raises where nobody can know.
    """
    order = Order.objects.with_details().get(pk=order_id)
    if cache.get(get_key(order.bill_id)):
        return False
    message = build_cheque(order)  # before the claim: a fault in a template leaves the cheque waiting
    if not _claim(order_id):
        return False
    try:
        _hand_over(message)
    except MailServerAway:
        _give_back(order_id)
        raise
    Cheque.objects.filter(order_id=order_id).update(status=Status.SENT, sent_at=timezone.now())
    cache.set(get_key(order.bill_id), 1, REMEMBERED_SECONDS)
    return True


def get_key(bill_id: UUID) -> str:
    """Name the note that a cheque was sent, which spares a look at the row."""
    return f"cheque:{bill_id}"


def _claim(order_id: int) -> bool:
    """Take the cheque up, visibly for everybody; say whether it was there to be taken."""
    waiting = Cheque.objects.filter(order_id=order_id, status=Status.PENDING)
    return bool(waiting.update(status=Status.SENDING, claimed_at=timezone.now()))


def _give_back(order_id: int) -> None:
    claimed = Cheque.objects.filter(order_id=order_id, status=Status.SENDING)
    claimed.update(status=Status.PENDING, claimed_at=None)


def _hand_over(message: EmailMultiAlternatives) -> None:
    """Give the mail to the mail server. Raises MailServerAway where it certainly did not take it."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # all of smtplib's exceptions are OSErrors
        raise MailServerAway(str(error)) from error
    try:
        connection.send_messages([message])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        raise MailServerAway(str(error)) from error
    finally:
        connection.close()
