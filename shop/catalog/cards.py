"""Berries as lists show them, and berries' titles: loaded in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from core.localized import localize
from shop.catalog.models import Berry
from shop.catalog.pages import BerryPage
from shop.catalog.renditions import Picture, load_pictures
from shop.catalog.services import Offer, choose_offer, list_offers


@dataclass(frozen=True, slots=True)
class Card:
    """One berry in a list: words from its page, price and stock of the pack that one click would buy."""

    berry_id: int
    page_id: int
    pack_id: int | None
    title: str
    url: str
    lead: str
    picture: Picture | None
    picture_alt: str
    kind: str
    variety: str
    origin: str
    price: Decimal | None
    weight_g: int
    price_per_kg: Decimal | None
    left: int
    is_in_season: bool
    season_state: str
    packs_count: int
    old_price: Decimal | None = None
    price_reason: str = ""
    price_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BerryTitle:
    """What a berry is called in a language, where its page is ("" without one), and its picture."""

    title: str
    url: str
    image: Picture | None


def build_cards(
    pages: Sequence[BerryPage],
    request: HttpRequest | None,
    *,
    offers: Mapping[int, Sequence[Offer]] | None = None,
) -> list[Card]:
    """A card for each page, in their order.

    Two queries; two more where berries and pictures are not loaded yet.
    """
    prefetch_related_objects(pages, "berry", "picture")
    offers = list_offers(page.berry_id for page in pages) if offers is None else offers
    pictures = load_pictures(page.picture for page in pages)
    return [
        make_card(page, offers[page.berry_id], pictures.get(page.picture_id or 0), request) for page in pages
    ]


def make_card(
    page: BerryPage, offers: Sequence[Offer], picture: Picture | None, request: HttpRequest | None
) -> Card:
    """The card of one page from what was loaded for all of them."""
    berry, offer, today = page.berry, choose_offer(offers), timezone.localdate()
    return Card(
        berry_id=berry.pk,
        page_id=page.pk,
        pack_id=offer.pack_id if offer else None,
        title=page.title,
        url=page.get_url(request) or "",
        lead=page.lead,
        picture=picture,
        picture_alt=page.picture_alt,
        kind=berry.kind,
        variety=berry.variety,
        origin=berry.origin,
        price=offer.price if offer else None,
        weight_g=offer.weight_g if offer else 0,
        price_per_kg=offer.price_per_kg if offer else None,
        left=offer.left if offer else 0,
        is_in_season=berry.is_in_season(today),
        season_state=berry.get_season_state(today),
        packs_count=len(offers),
        old_price=offer.old_price if offer else None,
        price_reason=offer.price_reason if offer else "",
        price_until=offer.price_until if offer else None,
    )


def count_seconds(cards: Iterable[Card], *, most: int) -> int:
    """For how many seconds an answer with these cards may be kept: not past the end of a lower price."""
    now = timezone.now()
    ends = [int((card.price_until - now).total_seconds()) for card in cards if card.price_until]
    return max(0, min([most, *ends]))


def get_berry_page(berry_id: int, language: str) -> BerryPage | None:
    """The live page of a berry in the language, whether the berry is sold or not."""
    pages = BerryPage.objects.live().filter(berry=berry_id, locale__language_code=language)
    return pages.select_related("berry").first()


def get_titles(berry_ids: Iterable[int], language: str) -> dict[int, BerryTitle]:
    """Title, address and picture of berries in the language, in three queries.

    A berry without a page has its name.
    """
    ids = set(berry_ids)
    if not ids:
        return {}
    pages = BerryPage.objects.live().filter(berry__in=ids, locale__language_code=language)
    by_berry = {page.berry_id: page for page in pages.defer_streamfields().select_related("picture")}
    pictures = load_pictures(page.picture for page in by_berry.values())
    titles = {
        berry_id: BerryTitle(page.title, page.get_url() or "", pictures.get(page.picture_id or 0))
        for berry_id, page in by_berry.items()
    }
    for berry in Berry.objects.filter(pk__in=ids - titles.keys()):
        titles[berry.pk] = BerryTitle(name_berry(berry, language), "", None)
    return titles


def name_berry(berry: Berry, language: str) -> str:
    """Kind and variety in a language other than the active one."""
    kind, variety = localize(berry, "kind", language), localize(berry, "variety", language)
    return f"{kind} «{variety}»" if variety else kind
