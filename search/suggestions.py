"""Suggestions as people see them: berries with picture and price, then other ways on."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from search.answers import Suggestion, Suggestions
from search.results import load_in_order
from shop.catalog.cards import Card, build_cards


def load_berries(suggested: Sequence[Suggestion], request: HttpRequest | None) -> list[Card]:
    """The suggested berries with price, stock and picture of this moment, sold-out ones last."""
    cards = build_cards(load_in_order([suggestion.page_id for suggestion in suggested]), request)
    return sorted(cards, key=lambda card: card.left <= 0)


def build_groups(suggestions: Suggestions, request: HttpRequest) -> dict[str, Any]:
    """The groups of the list under the search field; `count` says how many entries, "all results" too."""
    cards = load_berries(suggestions.berries, request)
    others = len(suggestions.categories) + len(suggestions.articles) + len(suggestions.words)
    ways = len(cards) + others
    return {
        "cards": cards,
        "categories": suggestions.categories,
        "articles": suggestions.articles,
        "words": suggestions.words,
        "count": ways + 1 if ways else 0,
    }
