"""The form on the cart page that takes a promo code. It works without JavaScript."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import get_user, is_htmx, shoppers_only
from accounts.clients import get_ip_address
from core.limits import TooOften
from shop.cart.answers import describe_cart, show_page
from shop.cart.forms import VoucherForm
from shop.cart.vouchers import WINDOW_SECONDS, drop_voucher, try_voucher
from shop.vouchers.reasons import VoucherRefused


@require_POST
@shoppers_only
def use_voucher(request: HttpRequest) -> HttpResponse:
    """Put the voucher of a code on the cart, or say why it can't be; an empty code takes it off."""
    form = VoucherForm(request.POST)
    if not form.is_valid():
        return refuse(request, str(form.errors["voucher"][0]), HTTPStatus.UNPROCESSABLE_ENTITY)
    code = form.cleaned_data["voucher"]
    if not code:
        drop_voucher(user=get_user(request))
        return answer(request, _("The promo code is taken off."))
    try:
        try_voucher(
            user=get_user(request),
            code=code,
            ip_address=get_ip_address(request),
            language=get_language() or "ru",
        )
    except VoucherRefused as refusal:
        return refuse(request, refusal.message, HTTPStatus.CONFLICT, code)
    except TooOften:
        response = refuse(request, describe_limit(), HTTPStatus.TOO_MANY_REQUESTS, code)
        response.headers["Retry-After"] = str(WINDOW_SECONDS)
        return response
    return answer(request, _("The promo code is applied."))


def answer(request: HttpRequest, message: str) -> HttpResponse:
    """The cart as it is now."""
    if is_htmx(request):
        context = describe_cart(request) | {"voucher_note": message}
        return TemplateResponse(request, "shop/cart/contents.html", context)
    messages.success(request, message)
    return redirect("shop:cart")


def refuse(request: HttpRequest, error: str, status: HTTPStatus, code: str = "") -> HttpResponse:
    """The cart as it was, with the reason beside the field and what was typed in it."""
    said = {"voucher_error": error, "voucher_typed": code}
    if is_htmx(request):
        context = describe_cart(request) | said
        return TemplateResponse(request, "shop/cart/contents.html", context, status=status)
    return show_page(request, status=status, **said)


def describe_limit() -> str:
    """What to do after too many tries."""
    minutes = WINDOW_SECONDS // 60
    return _("That is a lot of promo codes. Please try again in %(minutes)s minutes.") % {"minutes": minutes}
