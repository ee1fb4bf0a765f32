"""The wish list as its page shows it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import User
from shop.catalog.cards import BerryTitle, Card, build_cards, get_titles
from shop.catalog.pages import BerryPage
from shop.favorites.models import Favorite, Waiting
from shop.favorites.waiting import list_waits


@dataclass(frozen=True, slots=True)
class FavoriteView:
    """One berry of the list: a card while it is sold here, else only what it was called."""

    berry_id: int
    card: Card | None
    title: BerryTitle


def list_favorites(request: HttpRequest | None, user: User) -> list[FavoriteView]:
    """The user's favorites, the newest first, in a constant number of queries."""
    language = get_language() or "ru"
    berry_ids = list(Favorite.objects.filter(user=user).values_list("berry_id", flat=True))
    pages = BerryPage.objects.for_language(language).filter(berry__in=berry_ids)
    cards = {card.berry_id: card for card in build_cards(list(pages.for_cards()), request)}
    titles = {card.berry_id: BerryTitle(card.title, card.url, card.picture) for card in cards.values()}
    titles |= get_titles(set(berry_ids) - cards.keys(), language)
    return [FavoriteView(berry_id, cards.get(berry_id), titles[berry_id]) for berry_id in berry_ids]


@dataclass(frozen=True, slots=True)
class WaitView:
    """One berry of which the shopper will be told."""

    waiting: Waiting
    title: BerryTitle


def list_wait_views(user: User, language: str) -> list[WaitView]:
    """What the shopper waits for, the newest first, in one query, or two more for the berries' titles."""
    waits = list_waits(user)
    titles = get_titles([waiting.berry_id for waiting in waits], language) if waits else {}
    return [WaitView(waiting, titles[waiting.berry_id]) for waiting in waits]
