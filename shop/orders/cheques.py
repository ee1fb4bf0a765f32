"""Sending a mail about an order once: its row is claimed, the mail is sent, the row is marked.

Between the claim and the mark nobody can know whether the mail server took the mail. Where it certainly did
not, the claim is given back and the mail is tried again; where it never will, or where that is in doubt, a
person decides (`jobs.report_stuck_cheques` and the row of a refused mail tell them).
"""

from uuid import UUID

from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from core.handing import MailRefused, MailServerAway, hand_over
from core.mail import get_html
from core.posted import claim, give_back, mark_failed, mark_sent
from shop.orders.emails import build_cheque, build_letter
from shop.orders.mismatches import close_mismatches, hold, name_subject, open_mismatch
from shop.orders.models import Cheque, Letter, Mismatch, Order, SentMail

REMEMBERED_SECONDS = 86_400
CHEQUE = "cheque"  # the kind of its copy
STUCK = (Mismatch.Kind.CHEQUE_STUCK, Mismatch.Kind.LETTER_STUCK)


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
    """Send a letter about an order or its money, on the same terms as a cheque."""
    parts = Letter.objects.select_related("order__bill", "order__delivery__slot", "refund")
    letter = parts.get(pk=letter_id)
    return _send_once(letter, build_letter(letter))


def get_key(bill_id: UUID) -> str:
    """Name the note that a cheque was sent, which spares a look at the row."""
    return f"cheque:{bill_id}"


def _send_once(mail: Cheque | Letter, message: EmailMultiAlternatives) -> bool:
    """Claim, hand over, mark; say whether this call did."""
    if not claim(mail):
        return False
    try:
        hand_over(message)
    except MailServerAway as absence:
        give_back(mail, str(absence))
        raise
    except MailRefused as refusal:
        _give_up(mail, str(refusal))
        return False
    _mark(mail, message)
    return True


def _mark(mail: Cheque | Letter, message: EmailMultiAlternatives) -> None:
    """Note that the mail went out, with a copy; what was open about it is over (or a job sees to that)."""
    with transaction.atomic():
        keep_copy(mail, message)
        mark_sent(mail)
    close_mismatches(mail, *STUCK, Mismatch.Kind.MAIL_REFUSED)


def keep_copy(mail: Cheque | Letter, message: EmailMultiAlternatives) -> SentMail:
    """Keep the mail with its order, word for word."""
    return SentMail.objects.create(
        order=mail.order,
        kind=mail.kind if isinstance(mail, Letter) else CHEQUE,
        to=message.to[0],
        subject=message.subject[:250],
        text=str(message.body),
        html=get_html(message),
        message_id=message.extra_headers["Message-ID"],
    )


@transaction.atomic
def _give_up(mail: Cheque | Letter, reason: str) -> None:
    """Leave a mail that the mail server will never take to a person, who is told."""
    hold(bill=None, order=mail.order)
    mark_failed(mail, reason)
    close_mismatches(mail, *STUCK)
    refused = Mismatch.Kind.MAIL_REFUSED
    open_mismatch(refused, mail, order=mail.order, said=reason)
    # Sent again, and refused again: it waits for somebody once more.
    rows = Mismatch.objects.open().filter(kind=refused, subject=name_subject(mail))
    rows.update(taken_at=None, taken_by=None)


def list_mails(order: Order) -> list[SentMail]:
    """The mails about an order as they went out, oldest first: subject, plain text, HTML, when, to whom."""
    return list(order.sent_mails.all())
