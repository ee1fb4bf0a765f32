"""JSON API: favorites into the cart, one by one or all."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from accounts.api_auth import get_verified_user, signed_in
from core.api import ApiError
from shop.checkout.favorites import CartReport, put_favorites_into_cart
from shop.favorites.services import get_favorite_ids

router = Router(auth=signed_in)


class ReportOut(Schema):
    """Ids of the berries that went into the cart, were there already, or are sold out."""

    added: list[int]
    present: list[int]
    unavailable: list[int]


@router.post(
    "/favorites/to-cart/", response=ReportOut, url_name="favorites_to_cart", summary="All into the cart"
)
def move_all(request: HttpRequest) -> CartReport:
    """One pack of each favorite into the cart; what can't be had is told."""
    return put_favorites_into_cart(user=get_verified_user(request))


@router.post(
    "/favorites/{berry_id}/to-cart/",
    response=ReportOut,
    url_name="favorite_to_cart",
    summary="One into the cart",
)
def move_one(request: HttpRequest, berry_id: int) -> CartReport:
    """One pack of a favorite into the cart. 404 where it is no favorite, 409 where it is sold out."""
    user = get_verified_user(request)
    if berry_id not in get_favorite_ids(user):
        raise ApiError(404, "not_found", _("There is no such berry here."))
    report = put_favorites_into_cart(user=user, berry_ids={berry_id})
    if report.unavailable:
        raise ApiError(409, "not_enough", _("This berry is sold out."), left=0)
    return report
