"""Sending a test: the newest draft, to one address, with no trace in any figure."""

from typing import cast

from django.utils import translation
from django.utils.translation import gettext as _

from core.handing import hand_over
from core.links import make_url
from home.newsletter.emails import FrozenLetter, address_letter, freeze_letter
from home.newsletter.models import NewsletterPage


def send_test(*, page: NewsletterPage, to: str) -> None:
    """Send the newest draft of the issue, marked as a test. Its link to unsubscribe leads to the archive.

    Raises what `hand_over` does.
    """
    draft = cast(NewsletterPage, page.get_latest_revision_as_object())
    language = draft.locale.language_code
    letter = freeze_letter(draft)
    with translation.override(language):
        subject = _("[TEST] %(subject)s") % {"subject": letter.subject}
    message = address_letter(
        FrozenLetter(subject, letter.text, letter.html),
        to=to,
        unsubscribe_url=make_url("home:newsletter", language),
        message_id=f"test-{draft.pk}-{draft.latest_revision_id or 0}",
    )
    # A mailbox must not offer to unsubscribe from a letter that nobody subscribed to.
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID"):
        del message.extra_headers[name]
    hand_over(message)
