"""Browsers as people call them."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first mark that is in the user agent names it: most browsers claim to be Chrome and Safari, too.
BROWSERS = (
    ("YaBrowser/", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """The user agent in words, as in "Chrome, Windows"; "another program" for what is no browser we know."""
    words = [find_name(user_agent, BROWSERS), find_name(user_agent, SYSTEMS)]
    return ", ".join(word for word in words if word) or _("another program")


def find_name(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
