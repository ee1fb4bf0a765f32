"""All models of the editors' pages, for Django to find."""

from home.journal.models import ArticlePage, JournalPage
from home.pages.models import FrontPage, StandardPage

__all__ = ["ArticlePage", "FrontPage", "JournalPage", "StandardPage"]
