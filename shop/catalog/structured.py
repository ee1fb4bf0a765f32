"""What search engines are told about a berry: the same as its page says."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from shop.catalog.display import BerryDisplay
from shop.catalog.pages import BerryPage
from shop.catalog.services import Offer

SCHEMA = "https://schema.org"


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
    return data


def _describe_offer(offer: Offer, url: str) -> dict[str, Any]:
    return {
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
