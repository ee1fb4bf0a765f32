"""Addresses for those who read us from outside: feeds, search engines."""

from django.conf import settings


def make_absolute(url: str) -> str:
    """The address with the shop's host, where it has none of its own."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url
