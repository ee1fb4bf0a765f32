"""Feeds of the newsletter: the issues that were sent."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.languages import get_active_language
from core.links import make_url
from home.newsletter.archive import list_sent_issues
from home.pages.addresses import make_absolute
from home.pages.feeds import LONGEST, Channel, Item, ShopFeed, describe_channel


class Letters(ShopFeed):
    """Sent issues of the address's language."""

    def describe(self, request: HttpRequest, **where: str) -> Channel:
        text = _("What has ripened, what is about to end and what to cook from it.")
        link = make_url("home:newsletter", get_active_language())
        return describe_channel(request, "newsletter", _("Letters from Anyberry"), text, link)

    def find(self, channel: Channel) -> Iterable[Item]:
        """The newest first; one query."""
        for issue in list_sent_issues(channel.language)[:LONGEST]:
            yield Item(
                key=f"newsletter/{issue.translation_key}",
                title=issue.title,
                url=make_absolute(issue.url or ""),
                html=format_html("<p>{}</p>", issue.preheader),
                published=issue.sent_at,
                updated=issue.last_published_at or issue.sent_at,
            )
