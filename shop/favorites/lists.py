"""The wish list as its page shows it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import User
from shop.catalog.cards import BerryTitle, Card, build_cards, get_titles
from shop.catalog.pages import BerryPage
from shop.favorites.models import Favorite


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
    pages = BerryPage.objects.for_language(language).filter(berry__in=berry_ids).defer_streamfields()
    cards = {
        card.berry_id: card for card in build_cards(list(pages.select_related("berry", "picture")), request)
    }
    titles = {card.berry_id: BerryTitle(card.title, card.url, card.picture) for card in cards.values()}
    titles |= get_titles(set(berry_ids) - cards.keys(), language)
    return [FavoriteView(berry_id, cards.get(berry_id), titles[berry_id]) for berry_id in berry_ids]
