"""JSON API of the cart's voucher."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from accounts.api_auth import get_verified_user, signed_in
from accounts.clients import get_ip_address
from core.api import ApiError, ErrorOut
from core.limits import TooOften
from shop.cart.api import CartOut, describe
from shop.cart.vouchers import WINDOW_SECONDS, drop_voucher, try_voucher
from shop.vouchers.reasons import VoucherRefused

router = Router(auth=signed_in)


class VoucherIn(Schema):
    """A code as people type it: case, spaces and look-alike letters make no difference."""

    code: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


@router.put(
    "/cart/voucher/",
    response={200: CartOut, 409: ErrorOut, 422: ErrorOut, 429: ErrorOut},
    url_name="cart_voucher",
    summary="Use a voucher",
)
def use_voucher(request: HttpRequest, body: VoucherIn) -> CartOut:
    """Put the voucher of a code on the cart. 409 says why not; after ten tries 429 says when again."""
    user = get_verified_user(request)
    try:
        try_voucher(
            user=user,
            code=body.code,
            ip_address=get_ip_address(request),
            language=get_language() or "ru",
        )
    except VoucherRefused as refusal:
        raise ApiError(409, f"voucher_{refusal.reason}", refusal.message) from refusal
    except TooOften as error:
        detail = _("Too many promo codes were tried. Please wait a few minutes.")
        raise ApiError(429, "too_often", detail, retry_after=WINDOW_SECONDS) from error
    return describe(user)


@router.delete(
    "/cart/voucher/", response={204: None}, url_name="cart_voucher", summary="Take the voucher off"
)
def forget_voucher(request: HttpRequest) -> Status[None]:
    """Take the voucher off the cart, if there is one."""
    drop_voucher(user=get_verified_user(request))
    return Status(204, None)
