"""All models of the editors' pages, for Django to find."""

from home.journal.comments.models import Comment
from home.journal.models import ArticlePage, ArticleTopic, Author, JournalPage, RecipePage, Topic
from home.newsletter.models import (
    Delivery,
    Letter,
    Mailing,
    NewsletterConsent,
    NewsletterIndexPage,
    NewsletterPage,
    Subscriber,
)
from home.pages.models import FrontPage, StandardPage
from home.readers.models import BerryAdds, PageViews

__all__ = [
    "ArticlePage",
    "ArticleTopic",
    "Author",
    "BerryAdds",
    "Comment",
    "Delivery",
    "FrontPage",
    "JournalPage",
    "Letter",
    "Mailing",
    "NewsletterConsent",
    "NewsletterIndexPage",
    "NewsletterPage",
    "PageViews",
    "RecipePage",
    "StandardPage",
    "Subscriber",
    "Topic",
]
