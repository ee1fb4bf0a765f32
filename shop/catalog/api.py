"""JSON API of the catalog."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest
from django.utils.translation import get_language, override
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api_auth import signed_in
from accounts.models import User
from core.api import ErrorOut
from shop.catalog.cards import Card, build_cards, get_berry_page
from shop.catalog.choices import Sort
from shop.catalog.finding import find_pages
from shop.catalog.listing import BerryPaginator, Filters, list_pages, load_pages
from shop.catalog.marks import get_marked
from shop.catalog.models import Category
from shop.catalog.pages import BerryPage
from shop.catalog.services import Offer, list_offers

MAX_KEY = 2**63 - 1
router = Router()


def allow_guest(request: HttpRequest) -> str:
    """Let anybody in; who is signed in sees their own marks."""
    return "guest"


anybody = [*signed_in, allow_guest]


class PackOfBerryOut(Schema):
    """One pack; `quantity` is how many are left, `old_price` what it cost before a sale or a markdown."""

    id: int
    weight_g: int
    price: Decimal
    old_price: Decimal | None
    quantity: int


class BerryOfCatalogOut(Schema):
    """One berry in the language asked for.

    `price` and `weight_g` are the default pack's; `price` is what is paid now, `old_price` what it cost
    before a sale or a markdown, if that may be said. `quantity` counts all packs; `category` is the code of
    the first category. Amounts are exact decimals in strings.
    """

    id: int
    title: str
    description: str
    url: str
    image: str | None
    category: str | None
    kind: str
    variety: str
    origin: str
    in_season: bool
    price: Decimal | None
    old_price: Decimal | None
    currency: str
    weight_g: int | None
    price_per_kg: Decimal | None
    quantity: int
    packs: list[PackOfBerryOut]
    in_cart: bool
    in_favorites: bool


class BerriesOut(Schema):
    """One page of a list; `count` is the length of the whole list."""

    count: int
    items: list[BerryOfCatalogOut]


class BerriesIn(Schema):
    """What to list. Lists come in pages of 24; what is sold out comes last."""

    lang: Literal["ru", "en"] | None = None
    category: Annotated[str, Field(max_length=50)] = ""
    q: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    in_stock: bool = False
    sort: Sort = Sort.POPULAR
    page: Annotated[int, Field(ge=1)] = 1


class LanguageIn(Schema):
    """In which language to answer; the request's where nothing is said."""

    lang: Literal["ru", "en"] | None = None


@router.get(
    "/berries/",
    response={200: BerriesOut, 404: ErrorOut, 422: ErrorOut},
    auth=anybody,
    url_name="berries",
    summary="List berries",
)
def read_berries(request: HttpRequest, wanted: Query[BerriesIn]) -> BerriesOut:
    """Berries that are sold, found by words and filters. 404 for a page that the list does not have."""
    language = choose_language(wanted.lang)
    filters = Filters(category=wanted.category, in_stock=wanted.in_stock, sort=wanted.sort)
    with override(language):
        pages = list_pages(find_pages(wanted.q, language), filters)
        count = pages.order_by().count()
        try:
            part = BerryPaginator(pages, count).page(wanted.page)
        except InvalidPage as error:
            raise Http404 from error
        return BerriesOut(count=count, items=describe_berries(request, load_pages(part, wanted.sort)))


@router.get(
    "/berries/{berry_id}/",
    response={200: BerryOfCatalogOut, 404: ErrorOut, 422: ErrorOut},
    auth=anybody,
    url_name="berry",
    summary="One berry",
)
def read_berry(request: HttpRequest, berry_id: int, wanted: Query[LanguageIn]) -> BerryOfCatalogOut:
    """A berry, sold out or not. 404 where it has no page in the language or is not sold any more."""
    language = choose_language(wanted.lang)
    page = get_berry_page(berry_id, language) if 1 <= berry_id <= MAX_KEY else None
    if page is None or not page.berry.is_active:
        raise Http404
    with override(language):
        return describe_berries(request, [page])[0]


def choose_language(wanted: str | None) -> str:
    """The language asked for, or the request's."""
    return wanted or (get_language() or "ru")[:2]


def describe_berries(request: HttpRequest, pages: Sequence[BerryPage]) -> list[BerryOfCatalogOut]:
    """The answer about each page, in a fixed number of queries."""
    auth = getattr(request, "auth", None)
    user = auth if isinstance(auth, User) else None
    ids = [page.berry_id for page in pages]
    offers, categories = list_offers(ids), list_categories(ids)
    in_cart, in_favorites = get_marked("in_cart", user), get_marked("in_favorites", user)
    return [
        describe_berry(
            request,
            card,
            offers[card.berry_id],
            category=categories.get(card.berry_id),
            in_cart=card.berry_id in in_cart,
            in_favorites=card.berry_id in in_favorites,
        )
        for card in build_cards(pages, request, offers=offers)
    ]


def list_categories(berry_ids: Sequence[int]) -> dict[int, str]:
    """The code of each berry's first category."""
    rows = (
        Category.objects.filter(berries__in=berry_ids)
        .order_by("-position", "-pk")
        .values_list("berries", "code")
    )
    return dict(rows)


def describe_berry(
    request: HttpRequest,
    card: Card,
    offers: Sequence[Offer],
    *,
    category: str | None,
    in_cart: bool,
    in_favorites: bool,
) -> BerryOfCatalogOut:
    """One berry as the API shows it."""
    default = next((offer for offer in offers if offer.is_default), next(iter(offers), None))
    return BerryOfCatalogOut(
        id=card.berry_id,
        title=card.title,
        description=card.lead,
        url=request.build_absolute_uri(card.url),
        image=request.build_absolute_uri(card.picture.url) if card.picture else None,
        category=category,
        kind=card.kind,
        variety=card.variety,
        origin=card.origin,
        in_season=card.is_in_season,
        price=default.price if default else None,
        old_price=default.old_price if default else None,
        currency=default.currency if default else "RUB",
        weight_g=default.weight_g if default else None,
        price_per_kg=default.price_per_kg if default else None,
        quantity=sum(offer.left for offer in offers),
        packs=[
            PackOfBerryOut(
                id=offer.pack_id,
                weight_g=offer.weight_g,
                price=offer.price,
                old_price=offer.old_price,
                quantity=offer.left,
            )
            for offer in offers
        ],
        in_cart=in_cart,
        in_favorites=in_favorites,
    )
