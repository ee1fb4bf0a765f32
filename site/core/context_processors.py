"""What every template may ask for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.languages import list_languages


def site(request: HttpRequest) -> dict[str, Any]:
    """The shop's name and address, and the links of the language switch."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "languages": lambda: list_languages(request),
    }
