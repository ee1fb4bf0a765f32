"""The promo code on the checkout page: a part of its one form, so nothing typed is lost over it."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import get_user
from accounts.clients import get_ip_address
from core.limits import TooOften
from shop.cart.forms import VoucherForm
from shop.cart.voucher_views import describe_limit
from shop.cart.vouchers import WINDOW_SECONDS, drop_voucher, try_voucher
from shop.vouchers.reasons import VoucherRefused

TAKE_OFF = "voucher_off"  # the button beside a voucher that is applied


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says about the code: why it was refused, or that it counts; the code as it was typed."""

    voucher_error: str = ""
    voucher_note: str = ""
    voucher_typed: str = ""
    status: HTTPStatus = HTTPStatus.OK

    @property
    def headers(self) -> dict[str, str]:
        """When to try again, after too many tries."""
        is_limit = self.status == HTTPStatus.TOO_MANY_REQUESTS
        return {"Retry-After": str(WINDOW_SECONDS)} if is_limit else {}


def is_about_voucher(request: HttpRequest) -> bool:
    """Whether the form was sent with a code to apply, or to take one off, whatever button was pressed."""
    return TAKE_OFF in request.POST or bool(request.POST.get("voucher", "").strip())


def change_voucher(request: HttpRequest) -> Said:
    """Apply the code that was typed, or take the voucher off."""
    user, form = get_user(request), VoucherForm(request.POST)
    if TAKE_OFF in request.POST:
        drop_voucher(user=user)
        return Said(voucher_note=_("The promo code is taken off."))
    if not form.is_valid():
        return Said(str(form.errors["voucher"][0]), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    code = form.cleaned_data["voucher"]
    try:
        try_voucher(user=user, code=code, ip_address=get_ip_address(request), language=get_language() or "ru")
    except VoucherRefused as refusal:
        return Said(refusal.message, voucher_typed=code, status=HTTPStatus.CONFLICT)
    except TooOften:
        return Said(describe_limit(), voucher_typed=code, status=HTTPStatus.TOO_MANY_REQUESTS)
    return Said(voucher_note=_("The promo code is applied. Please check the new total."))
