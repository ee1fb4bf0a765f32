"""What search engines are told about the shop itself: what its pages and footer say."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from core.languages import get_active_language
from core.models import SellerSettings
from core.templatetags.ui import site_path
from home.pages.addresses import make_absolute


def describe_shop(request: HttpRequest) -> dict[str, Any]:
    """The site with its search, and the shop behind it, in the words of schema.org."""
    seller = SellerSettings.for_request(request)
    url, language = make_absolute(site_path()), get_active_language()
    shop: dict[str, Any] = {
        "@type": "GroceryStore",
        "@id": f"{settings.SITE_URL}/#shop",
        "name": seller.name,
        "url": url,
        "logo": make_absolute(static("img/icon-512.png")),
        "image": make_absolute(static("img/og.jpg")),
        "currenciesAccepted": settings.CURRENCY,
    }
    known = {
        "legalName": seller.legal_name,
        "telephone": seller.phone,
        "email": seller.email,
        "address": seller.address,
        "taxID": seller.inn,
        "sameAs": [link for link in (seller.vk_url, seller.telegram_url) if link],
    }
    search = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{make_absolute(site_path('search/'))}?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }
    site = {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#site",
        "name": settings.SITE_NAME,
        "url": url,
        "inLanguage": language,
        "publisher": {"@id": f"{settings.SITE_URL}/#shop"},
        "potentialAction": search,
    }
    return {
        "@context": "https://schema.org",
        "@graph": [site, shop | {name: value for name, value in known.items() if value}],
    }
