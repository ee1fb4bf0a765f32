"""The newsletter's rows: who reads it, what is written, what was sent to whom."""

from home.newsletter.models.mailings import Delivery, Letter, Mailing
from home.newsletter.models.pages import NewsletterIndexPage, NewsletterPage
from home.newsletter.models.subscribers import NewsletterConsent, Subscriber, SubscriberQuerySet

__all__ = [
    "Delivery",
    "Letter",
    "Mailing",
    "NewsletterConsent",
    "NewsletterIndexPage",
    "NewsletterPage",
    "Subscriber",
    "SubscriberQuerySet",
]
