"""The newsletter's letters, as the catalog of mails shows them. Issues are previewed by their editors."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.links import CONFIRM_SECONDS, make_url
from core.mailbook import register_template

ADDRESSES = {
    "confirm_url": "home:newsletter-confirm",
    "unsubscribe_url": "home:newsletter-unsubscribe",
}


def make_context(language: str) -> dict[str, Any]:
    """What both answers to the form get."""
    links = {name: make_url(address, language, "sample") for name, address in ADDRESSES.items()}
    return links | {
        "archive_url": make_url("home:newsletter", language),
        "hours": CONFIRM_SECONDS // 3600,
        "version": "2026-11-01",
    }


register_template("newsletter/confirm", title=_("Newsletter: please confirm"), make_context=make_context)
register_template("newsletter/known", title=_("Newsletter: you read us already"), make_context=make_context)
