"""JSON API of the wish list. Into the cart: see shop.checkout.favorites_api."""

from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from accounts.api_auth import get_verified_user, signed_in
from core.api import ApiError
from shop.favorites.forms import MAX_KEY
from shop.favorites.lists import FavoriteView, list_favorites
from shop.favorites.services import BerryUnknown, add_favorite, remove_favorite

router = Router(auth=signed_in)


class FavoriteOut(Schema):
    """A favorite berry; `pack` is what one click would buy, at `price`, with `quantity` left."""

    berry: int
    title: str
    url: str
    image: str | None
    pack: int | None
    price: Decimal | None
    weight_g: int | None
    quantity: int


class FavoritesOut(Schema):
    """The whole list, the newest first."""

    count: int
    items: list[FavoriteOut]


@router.get("/favorites/", response=FavoritesOut, url_name="favorites", summary="The wish list")
def read_favorites(request: HttpRequest) -> FavoritesOut:
    """All favorite berries with today's price and stock."""
    items = [describe(favorite) for favorite in list_favorites(request, get_verified_user(request))]
    return FavoritesOut(count=len(items), items=items)


@router.post(
    "/favorites/{berry_id}/", response={201: FavoritesOut}, url_name="favorite", summary="Add a favorite"
)
def keep_berry(request: HttpRequest, berry_id: int) -> Status[FavoritesOut]:
    """Keep the berry; one that is kept already stays."""
    user = get_verified_user(request)
    if not 1 <= berry_id <= MAX_KEY:
        raise make_missing()
    try:
        add_favorite(user=user, berry_id=berry_id)
    except BerryUnknown as error:
        raise make_missing() from error
    return Status(201, read_favorites(request))


@router.delete(
    "/favorites/{berry_id}/", response={204: None}, url_name="favorite", summary="Remove a favorite"
)
def forget_berry(request: HttpRequest, berry_id: int) -> Status[None]:
    """Take the berry off the list."""
    user = get_verified_user(request)
    if not 1 <= berry_id <= MAX_KEY or not remove_favorite(user=user, berry_id=berry_id):
        raise make_missing()
    return Status(204, None)


def make_missing() -> ApiError:
    """404: no such berry, or not on the list."""
    return ApiError(404, "not_found", _("There is no such berry here."))


def describe(favorite: FavoriteView) -> FavoriteOut:
    """One favorite as JSON has it."""
    card, title = favorite.card, favorite.title
    return FavoriteOut(
        berry=favorite.berry_id,
        title=title.title,
        url=title.url,
        image=title.image.url if title.image else None,
        pack=card.pack_id if card else None,
        price=card.price if card else None,
        weight_g=card.weight_g if card else None,
        quantity=card.left if card else 0,
    )
