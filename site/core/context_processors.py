"""What every template may ask for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.languages import list_languages
from core.publicity import get_publicity


def site(request: HttpRequest) -> dict[str, Any]:
    """The shop's name and address, the links of the language switch, and who may count visitors."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "languages": lambda: list_languages(request),
        "publicity": SimpleLazyObject(get_publicity),
    }
