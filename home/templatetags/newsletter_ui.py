"""Filters of letters."""

from django import template

from home.pages.addresses import make_absolute

register = template.Library()


@register.filter
def absolute(url: str) -> str:
    """The address with the shop's host: mail programs know no other."""
    return make_absolute(url)
