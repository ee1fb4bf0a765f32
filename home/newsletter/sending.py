"""Sending a mailing: one letter after another is claimed, sent and marked.

A claim is a row taken with SKIP LOCKED and committed as `sending`. Between that and the mark nobody can know
whether the mail server took the letter: such a row is never sent again by itself, it is listed for a person.
Where the server certainly did not take it (`core.handing` knows), the row waits for another try, or is marked
as refused.

A sender belongs to a run of its mailing. Pausing, canceling, or a rescue by another run stops it before the
next letter.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.handing import MailPutOff, MailRefused, MailServerAway, give, open_connection
from core.seller import get_seller
from home.newsletter.emails import FrozenLetter, address_letter
from home.newsletter.links import make_unsubscribe_url
from home.newsletter.models import Delivery, Letter, Mailing, Subscriber

logger = logging.getLogger(__name__)

# A batch has one connection, and ends early enough for the limit on a task's time.
BATCH_LETTERS = 500
BATCH_SECONDS = 40.0
BEAT_SECONDS = 10.0
RETRY_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 3
# So many refusals in a row are not the fault of the addresses.
REFUSALS_IN_A_ROW = 10
Status = Delivery.Status


@dataclass
class Sender:
    """One batch: a connection, the letters of each language, and how it goes."""

    mailing_id: int
    run: int
    letters: dict[str, FrozenLetter]
    connection: Any
    reply_to: str
    pause: float  # seconds from the start of a letter to that of the next
    refusals: int = 0
    beaten_at: float = field(default_factory=time.monotonic)

    def send_next(self) -> bool:
        """Claim a letter, send it, mark it; whether there was one."""
        delivery = claim_delivery(self.mailing_id, self.run)
        if delivery is None:
            return False
        if delivery.status == Status.SENDING:
            self.deliver(delivery)
        return True

    def deliver(self, delivery: Delivery) -> None:
        """Send a claimed letter.

        Raises MailServerAway where the server took leave instead, and whatever leaves in doubt what it did.
        """
        try:
            self.hand_over(self.make_message(delivery))
        except MailRefused as refusal:
            self.refusals += 1
            mark(delivery, status=Status.FAILED, error=cut(refusal))
            return
        except MailPutOff as refusal:
            self.refusals += 1
            give_back(delivery, refusal)
            return
        except MailServerAway as absence:
            give_back(delivery, absence)
            raise
        self.refusals = 0
        mark(delivery, status=Status.SENT, sent_at=timezone.now(), error="")

    def make_message(self, delivery: Delivery) -> Any:
        """The letter made out to its reader. Raises MailRefused where no mail can be made of the address."""
        reader = delivery.subscriber
        if reader is None:
            raise MailRefused("The subscriber is gone")
        try:
            message = address_letter(
                self.letters.get(reader.language) or next(iter(self.letters.values())),
                to=reader.email,
                unsubscribe_url=make_unsubscribe_url(reader, mailing_id=self.mailing_id),
                message_id=f"newsletter-{self.mailing_id}-{delivery.pk}",
                reply_to=self.reply_to,
            )
            message.message()
        except ValueError as error:  # an address that no header can hold
            raise MailRefused(str(error)) from error
        return message

    def hand_over(self, message: Any) -> None:
        """Give the letter to the mail server."""
        give(message, self.connection)

    def beat(self) -> None:
        """Say now and then that this run is alive."""
        if time.monotonic() - self.beaten_at > BEAT_SECONDS:
            self.beaten_at = time.monotonic()
            Mailing.objects.filter(pk=self.mailing_id, run=self.run).update(alive_at=timezone.now())


def send_batch(*, mailing_id: int, run: int) -> bool:
    """Send a batch of the mailing's letters; whether there may be more to send at once.

    Raises MailServerAway where there is no connection, and whatever the connection raises where nobody can
    know what became of the letter in hand.
    """
    alive = Mailing.objects.filter(pk=mailing_id, run=run, status=Mailing.Status.SENDING)
    if not alive.update(alive_at=timezone.now()):
        return False
    connection = open_connection()
    try:
        has_more = _send_letters(make_sender(mailing_id, run, connection))
    finally:
        connection.close()
    if not has_more:
        finish_mailing(mailing_id, run)
    return has_more


def _send_letters(sender: Sender) -> bool:
    """Send until the batch is full; whether letters may be left."""
    until = time.monotonic() + BATCH_SECONDS
    for _number in range(BATCH_LETTERS):
        started = time.monotonic()
        if started > until:
            return True
        if not sender.send_next():
            return False
        if sender.refusals >= REFUSALS_IN_A_ROW:
            pause_refused(sender.mailing_id, sender.run)
            return False
        sender.beat()
        time.sleep(max(0.0, sender.pause - (time.monotonic() - started)))
    return True


def make_sender(mailing_id: int, run: int, connection: Any) -> Sender:
    """A sender with the frozen letters of the mailing."""
    limit: int = settings.NEWSLETTER_MAILS_PER_MINUTE
    letters = Letter.objects.filter(mailing=mailing_id)
    return Sender(
        mailing_id=mailing_id,
        run=run,
        letters={
            letter.language: FrozenLetter(letter.subject, letter.text, letter.html) for letter in letters
        },
        connection=connection,
        reply_to=get_seller().email,
        pause=60 / limit if limit else 0.0,
    )


# --- Rows ---------------------------------------------------------------------------


@transaction.atomic
def claim_delivery(mailing_id: int, run: int) -> Delivery | None:
    """Take up the next letter of the run that no other sender has; None where there is none now.

    The letter of somebody who has left meanwhile is marked as skipped, and comes back as that.
    """
    ready = Delivery.objects.ready(mailing_id, run, timezone.now())
    delivery = ready.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is None:
        return None
    reader = Subscriber.objects.filter(deliveries=delivery).first()
    is_welcome = reader is not None and reader.status == Subscriber.Status.ACTIVE
    delivery.subscriber = reader
    delivery.status = Status.SENDING if is_welcome else Status.SKIPPED
    delivery.claimed_at = timezone.now()
    delivery.attempts += 1
    delivery.save(update_fields=["status", "claimed_at", "attempts"])
    return delivery


def give_back(delivery: Delivery, reason: MailServerAway) -> None:
    """Let a letter that was not taken wait for another try, or give it up."""
    if delivery.attempts >= MOST_ATTEMPTS:
        mark(delivery, status=Status.FAILED, error=cut(reason))
    else:
        mark(delivery, status=Status.PENDING, due_at=timezone.now() + RETRY_AFTER, error=cut(reason))


def mark(delivery: Delivery, **fields: Any) -> None:
    """Write down what became of a claimed letter."""
    Delivery.objects.filter(pk=delivery.pk, status=Status.SENDING).update(**fields)


def finish_mailing(mailing_id: int, run: int) -> bool:
    """Call the mailing done where no letter waits any more; whether it is."""
    ready = Mailing.objects.filter(pk=mailing_id, run=run, status=Mailing.Status.SENDING)
    waiting = Delivery.objects.filter(mailing=mailing_id, status=Status.PENDING)
    with transaction.atomic():
        mailing = ready.locked().first()
        if mailing is None or waiting.exists():
            return False
        ready.update(status=Mailing.Status.DONE, finished_at=timezone.now())
    return True


def pause_refused(mailing_id: int, run: int) -> None:
    """Stop a mailing that the mail server refuses altogether; a person looks at it."""
    logger.error("Mailing %s is paused: the mail server refuses one letter after another", mailing_id)
    running = Mailing.objects.filter(pk=mailing_id, run=run, status=Mailing.Status.SENDING)
    running.update(status=Mailing.Status.PAUSED, note=Mailing.Note.REFUSED)


def cut(reason: Exception) -> str:
    """As much of the mail server's words as the row holds."""
    return str(reason)[:200]
