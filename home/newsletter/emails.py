"""The newsletter's mails: an issue frozen once per language and made out to each reader, and two answers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from core.links import CONFIRM_SECONDS, make_url
from core.mail import INLINER, build_message
from core.seller import get_seller
from home.newsletter.content import Facts, build_pieces
from home.newsletter.links import make_confirm_url, make_unsubscribe_url
from home.newsletter.models import NewsletterPage, Subscriber
from home.pages.addresses import make_absolute

# Stands in a frozen letter wherever each reader gets a link of their own. No such host can exist.
UNSUBSCRIBE_MARK = "https://unsubscribe.invalid/"
CLIPPED_AT = 100_000  # bytes of HTML; Gmail cuts off what is longer


@dataclass(frozen=True, slots=True)
class FrozenLetter:
    """An issue as mail, for everybody alike."""

    subject: str
    text: str
    html: str

    @property
    def is_too_long(self) -> bool:
        """Whether Gmail would cut the end off, and the link to unsubscribe with it."""
        return len(self.html.encode()) > CLIPPED_AT


def freeze_letter(page: NewsletterPage, facts: Facts | None = None) -> FrozenLetter:
    """The issue as mail in its language, with what its berries cost now, or the facts given."""
    language = page.locale.language_code
    with translation.override(language):
        subject = " ".join(page.subject_line.split())
        context = {
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "language": language,
            "seller": get_seller(),
            "page": page,
            "subject": subject,
            "pieces": build_pieces(page, facts),
            "web_url": make_absolute(page.get_url() or "/"),
            "unsubscribe_url": UNSUBSCRIBE_MARK,
        }
        text = render_to_string("emails/newsletter/issue.txt", context)
        html = INLINER.inline(render_to_string("emails/newsletter/issue.html", context))
    return FrozenLetter(subject, text.strip() + "\n", html)


def address_letter(
    letter: FrozenLetter, *, to: str, unsubscribe_url: str, message_id: str, reply_to: str = ""
) -> EmailMultiAlternatives:
    """The letter for one reader; the same `message_id` makes a repetition recognizable."""
    host = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text.replace(UNSUBSCRIBE_MARK, unsubscribe_url),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "Message-ID": f"<{message_id}@{host}>",
            "List-ID": f"{settings.SITE_NAME} <newsletter.{host}>",
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        },
    )
    message.attach_alternative(letter.html.replace(UNSUBSCRIBE_MARK, unsubscribe_url), "text/html")
    return message


def build_answer(subscriber: Subscriber, answer: str) -> EmailMultiAlternatives:
    """What is written to an address that was entered in the form: please confirm, or: you read us already."""
    with translation.override(subscriber.language):
        version = get_seller().privacy_version
    return build_message(
        template=f"newsletter/{answer}",
        context={
            "confirm_url": make_confirm_url(subscriber),
            "unsubscribe_url": make_unsubscribe_url(subscriber),
            "archive_url": make_url("home:newsletter", subscriber.language),
            "hours": CONFIRM_SECONDS // 3600,
            "version": version,
        },
        to=subscriber.email,
        language=subscriber.language,
    )
