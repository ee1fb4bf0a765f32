"""The one way to send something that belongs to no order: a row in the caller's transaction, sent after it.

What an order sends is kept with the order: see `shop.orders.letters`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core import tasks
from core.models import Mail, TextMessage


def post_mail(
    *,
    template: str,
    context: Mapping[str, Any],
    to: str,
    language: str,
    key: str,
    good_for: timedelta | None = None,
) -> Mail:
    """Have the mail of `emails/<template>.*` sent after commit, once a `key`; the row.

    `context` is JSON (decimals and dates become strings) and is forgotten once the mail went out. A mail that
    nobody could send within `good_for` is given up: a code that is no good any more helps nobody.
    """
    facts = {
        "template": template,
        "context": dict(context),
        "to": to,
        "language": language,
        "expires_at": timezone.now() + good_for if good_for else None,
    }
    mail, is_new = Mail.objects.get_or_create(key=key, defaults=facts)
    if is_new:
        tasks.enqueue_after_commit(tasks.send_mail, mail_id=mail.pk)
    return mail


def post_text(
    *, channel: TextMessage.Channel, to: str, text: str, key: str, good_for: timedelta
) -> TextMessage:
    """Have a text message sent after commit, once a `key`; the row."""
    facts = {"channel": channel, "to": to, "text": text, "expires_at": timezone.now() + good_for}
    message, is_new = TextMessage.objects.get_or_create(key=key, defaults=facts)
    if is_new:
        tasks.enqueue_after_commit(tasks.send_text, text_id=message.pk)
    return message
