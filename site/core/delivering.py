"""Sending the rows of the outbox. The tasks call these; `core.outbox` writes the rows.

A mail or a Telegram message in doubt is sent again (a mail with the same Message-ID): better twice than
never. An SMS in doubt is not: it costs money, and tells of something that is over by then.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.handing import MailRefused, MailServerAway, hand_over
from core.mail import build_message
from core.models import Mail, TextMessage
from core.posted import claim, give_back, mark_failed, mark_sent
from core.sms.base import TextAway, TextDoubtful, TextRefused
from core.sms.channels import send_by_channel

logger = logging.getLogger(__name__)

TOO_LATE = "too late to be sent"
IN_DOUBT = "nobody knows whether it went out"
# What was said is forgotten once it is sent, or can't be.
FORGOTTEN: dict[str, Any] = {"context": {}}
KEPT = timedelta(days=90)


def send_mail(*, mail_id: int) -> bool:
    """Send a mail unless it was sent, or is being sent; says whether this call sent it.

    Raises MailServerAway where it is to be tried again, and what the connection raises where nobody knows.
    """
    mail = Mail.objects.filter(pk=mail_id, status="pending").first()
    if mail is None:
        return False
    if is_too_late(mail):
        mark_failed(mail, TOO_LATE, **FORGOTTEN)
        return False
    message = build_message(
        template=mail.template,
        context=mail.context,
        to=mail.to,
        language=mail.language,
        message_id=f"mail-{uuid5(NAMESPACE_URL, mail.key)}",
    )
    if not claim(mail):
        return False
    try:
        hand_over(message)
    except MailServerAway as absence:
        give_back(mail, str(absence))
        raise
    except MailRefused as refusal:
        logger.warning("Mail %s was refused for good: %s", mail.pk, refusal)
        mark_failed(mail, str(refusal), **FORGOTTEN)
        return False
    mark_sent(mail, **FORGOTTEN)
    return True


def send_text(*, text_id: int) -> bool:
    """Send an SMS or a Telegram message on the same terms. Raises TextAway where it is to be tried again."""
    text = TextMessage.objects.filter(pk=text_id, status="pending").first()
    if text is None:
        return False
    refusal = find_refusal(text)
    if refusal:
        mark_failed(text, refusal)
        return False
    if not claim(text):
        return False
    try:
        reference = send_by_channel(text)
    except TextAway as absence:
        give_back(text, str(absence), wait=absence.wait)
        raise
    except (TextRefused, TextDoubtful) as error:
        logger.error("Text message %s can't be sent: %s", text.key, error)  # noqa: TRY400 -- no trace needed
        mark_failed(text, str(error))
        return False
    mark_sent(text, reference=reference)
    return True


def is_too_late(row: Mail | TextMessage) -> bool:
    """Whether nobody needs it any more."""
    return row.expires_at is not None and row.expires_at <= timezone.now()


def find_refusal(text: TextMessage) -> str:
    """Why we do not even try to send a text message; empty where we do."""
    if is_too_late(text):
        return TOO_LATE
    if text.channel == TextMessage.Channel.SMS and count_sms_today() >= settings.SMS_PER_DAY:
        logger.error("The limit of %s SMS a day is reached", settings.SMS_PER_DAY)
        return "the day's limit is reached"
    return ""


def count_sms_today() -> int:
    """How many SMS were taken up since midnight, sent or in doubt: each may have cost money."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    taken_up = TextMessage.objects.filter(channel="sms", claimed_at__gte=midnight)
    return taken_up.filter(status__in=("sending", "sent")).count()


def settle_doubts(now: datetime) -> int:
    """See to the rows a worker died on: what may be sent twice is sent again, the rest given up; how many."""
    again = {"status": "pending", "claimed_at": None, "due_at": now, "failure": IN_DOUBT}
    settled = Mail.objects.stuck(now).update(**again)
    settled += TextMessage.objects.stuck(now).filter(channel="telegram").update(**again)
    doubtful = TextMessage.objects.stuck(now).filter(channel="sms")
    for text in doubtful:
        logger.error("SMS %s: %s", text.key, IN_DOUBT)
        mark_failed(text, IN_DOUBT)
        settled += 1
    return settled


def forget_old(now: datetime) -> int:
    """Delete what is over for long; how many rows."""
    old = Q(created_at__lte=now - KEPT, status__in=("sent", "failed"))
    return Mail.objects.filter(old).delete()[0] + TextMessage.objects.filter(old).delete()[0]
