"""The letters to people who wait for a berry, as the catalog of mails shows them."""

from functools import partial
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.links import CONFIRM_SECONDS, make_url
from core.mailbook import register_template
from shop.favorites.models import Waiting

TITLES = {"ru": "Малина «Полька»", "en": "Raspberry ‘Polka’"}
NAMES = {
    "favorites/confirm": _("Waiting list: please confirm"),
    "favorites/known": _("Waiting list: you are on it already"),
    "favorites/back": _("Waiting list: it is back"),
}


def make_context(moment: str, language: str) -> dict[str, Any]:
    """What all these letters get."""
    return {
        "title": TITLES[language],
        "moment": moment,
        "berry_url": make_url("shop:favorites", language),
        "confirm_url": make_url("shop:waiting-confirm", language, "sample"),
        "leave_url": make_url("shop:waiting-leave", language, "sample"),
        "hours": CONFIRM_SECONDS // 3600,
    }


for template, title in NAMES.items():
    for moment in Waiting.Moment:
        register_template(
            template,
            name=f"{template}-{moment}",
            title=format_lazy("{} ({})", title, moment.label),
            make_context=partial(make_context, str(moment)),
        )
