"""Marks that people give."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.ui import sprite

register = template.Library()

MOST_STARS = 5


@register.filter
def mark(value: float) -> str:
    """«4,8» or «5»: an average mark as people write it."""
    short = round(value, 1)
    return number_format(int(short) if short == int(short) else short, use_l10n=True)


@register.simple_tag
def stars(value: float) -> SafeString:
    """Five stars, so many of them filled; the mark in words for those who can't see them."""
    filled = round(value)
    states = ["on"] * filled + ["off"] * (MOST_STARS - filled)
    signs = format_html_join(
        "",
        '<svg class="icon stars__{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>',
        ((state, sprite("star")) for state in states),
    )
    words = _("%(mark)s out of 5") % {"mark": mark(value)}
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>', words, signs)
