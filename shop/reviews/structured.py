"""What search engines are told of a berry's reviews: what its page shows."""

from typing import Any

from django.http import HttpRequest

from shop.reviews.models import BEST, Review
from shop.reviews.services import Reputation, load_reputation


def get_reputation(request: HttpRequest, berry_id: int) -> Reputation | None:
    """The reputation of the berry whose page is asked for, read once a request."""
    known: dict[int, Reputation | None] = request.__dict__.setdefault("reputations", {})
    if berry_id not in known:
        known[berry_id] = load_reputation(berry_id)
    return known[berry_id]


def describe_reputation(request: HttpRequest, berry_id: int) -> dict[str, Any]:
    """`aggregateRating` and `review` of a schema.org Product; nothing where nobody has spoken."""
    reputation = get_reputation(request, berry_id)
    if reputation is None:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": round(reputation.average, 1),
            "reviewCount": reputation.number,
            "bestRating": BEST,
            "worstRating": 1,
        },
        "review": [_describe_review(review) for review in reputation.reviews],
    }


def _describe_review(review: Review) -> dict[str, Any]:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.author_name},
        "datePublished": review.created_at.date().isoformat(),
        "reviewBody": review.text,
        "inLanguage": review.language,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": review.rating,
            "bestRating": BEST,
            "worstRating": 1,
        },
    }
