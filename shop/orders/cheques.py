"""Sending a mail about an order once: its row is claimed, the mail is sent, the row is marked.

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

from core.smtp import NotTaken
from shop.orders.emails import build_cheque, build_letter
from shop.orders.mismatches import close_mismatches
from shop.orders.models import Cheque, Letter, Mismatch, Order, OrderMail

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS = 86_400
Status = OrderMail.Status


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
    if not _send_once(Cheque.objects.get(order_id=order_id), message):
        return False
    cache.set(get_key(order.bill_id), 1, REMEMBERED_SECONDS)
    return True


def send_letter(*, letter_id: int) -> bool:
    """Send a letter about money that goes back, on the same terms as a cheque."""
    letter = Letter.objects.select_related("order__bill", "refund").get(pk=letter_id)
    return _send_once(letter, build_letter(letter))


def get_key(bill_id: UUID) -> str:
    """Name the note that a cheque was sent, which spares a look at the row."""
    return f"cheque:{bill_id}"


def _send_once(mail: Cheque | Letter, message: EmailMultiAlternatives) -> bool:
    """Claim, hand over, mark; say whether this call did."""
    if not _claim(mail):
        return False
    try:
        _hand_over(message)
    except MailServerAway:
        _give_back(mail)
        raise
    _mark(mail)
    return True


def _claim(mail: Cheque | Letter) -> bool:
    """Take the mail up, visibly for everybody; say whether it was there to be taken."""
    waiting = type(mail)._default_manager.filter(pk=mail.pk, status=Status.PENDING)
    return bool(waiting.update(status=Status.SENDING, claimed_at=timezone.now()))


def _give_back(mail: Cheque | Letter) -> None:
    claimed = type(mail)._default_manager.filter(pk=mail.pk, status=Status.SENDING)
    claimed.update(status=Status.PENDING, claimed_at=None)


def _mark(mail: Cheque | Letter) -> None:
    """Note that the mail went out; what was open about it is over (a job sees to that if we die here)."""
    type(mail)._default_manager.filter(pk=mail.pk).update(status=Status.SENT, sent_at=timezone.now())
    close_mismatches(mail, Mismatch.Kind.CHEQUE_STUCK, Mismatch.Kind.LETTER_STUCK)


def _hand_over(message: EmailMultiAlternatives) -> None:
    """Give the mail to the mail server. Raises MailServerAway where it certainly did not take it."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # all of smtplib's exceptions are OSErrors
        raise MailServerAway(str(error)) from error
    try:
        connection.send_messages([message])
    except (NotTaken, SMTPResponseException, SMTPRecipientsRefused) as error:
        raise MailServerAway(str(error)) from error
    finally:
        connection.close()


def hand_over(message: EmailMultiAlternatives) -> None:
    """Give any mail to the mail server. Raises MailServerAway where it certainly did not take it."""
    _hand_over(message)
