"""What search engines are told about a berry: the same as its page says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from shop.catalog.cards import Card
from shop.catalog.display import BerryDisplay
from shop.catalog.pages import BerryPage
from shop.catalog.services import Offer

SCHEMA = "https://schema.org"
Describer = Callable[[HttpRequest, int], Mapping[str, Any]]
_describers: list[Describer] = []


def register_description(describe: Describer) -> None:
    """Let another part of the shop add to what is said of a berry (request, berry id → properties).

    The catalog may not import those above it.
    """
    _describers.append(describe)


def describe_product(request: HttpRequest, page: BerryPage, display: BerryDisplay) -> dict[str, Any]:
    """A schema.org Product with an offer for each pack; none while the berry is not sold."""
    url = request.build_absolute_uri(page.get_url(request))
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": page.title,
        "description": page.lead,
        "url": url,
        "sku": page.berry.code,
        "inLanguage": get_language(),
        "category": page.berry.kind,
        "countryOfOrigin": page.berry.origin,
    }
    if display.slides:
        data["image"] = [request.build_absolute_uri(slide.picture.url) for slide in display.slides]
    if display.offers:
        data["offers"] = [_describe_offer(offer, url) for offer in display.offers]
    for describe in _describers:
        data |= describe(request, page.berry_id)
    return data


def describe_list(request: HttpRequest, page: Page, cards: Sequence[Card]) -> dict[str, Any]:
    """The berries on one page of a list, in its order."""
    return {
        "@context": SCHEMA,
        "@type": "ItemList",
        "name": page.title,
        "inLanguage": get_language(),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": card.title,
                "url": request.build_absolute_uri(card.url),
            }
            for position, card in enumerate(cards, start=1)
        ],
    }


def _describe_offer(offer: Offer, url: str) -> dict[str, Any]:
    return _describe_end(offer) | {
        "@type": "Offer",
        "url": url,
        "sku": str(offer.pack_id),
        "price": f"{offer.price:.2f}",
        "priceCurrency": offer.currency,
        "availability": f"{SCHEMA}/{'InStock' if offer.left else 'OutOfStock'}",
        "itemCondition": f"{SCHEMA}/NewCondition",
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": f"{offer.price_per_kg:.2f}",
            "priceCurrency": offer.currency,
            "referenceQuantity": {"@type": "QuantitativeValue", "value": 1, "unitCode": "KGM"},
        },
        "eligibleQuantity": {"@type": "QuantitativeValue", "value": offer.weight_g, "unitCode": "GRM"},
    }


def _describe_end(offer: Offer) -> dict[str, Any]:
    """Until when the price holds, where that is known."""
    return {"priceValidUntil": offer.price_until.isoformat()} if offer.price_until else {}
