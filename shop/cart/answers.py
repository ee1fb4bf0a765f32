"""How a change of the cart is answered: a part of the page for htmx, a redirect for a plain form."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django_htmx.http import trigger_client_event

from accounts.access import get_next_url, get_user, is_htmx
from shop.cart.measuring import describe_change
from shop.cart.quantities import (
    count_packs,
    forget_quantities,
    get_request_quantities,
    keep_quantities,
)
from shop.cart.undo import get_removed, get_removed_title
from shop.cart.viewing import view_cart
from shop.catalog.cards import get_titles
from shop.catalog.services import get_offer

CART_TARGET = "cart"  # the id of the cart page's part that htmx replaces


def show_page(request: HttpRequest, *, status: int = HTTPStatus.OK, **said: str) -> HttpResponse:
    """The whole cart page; `said`: words for its templates."""
    context = describe_cart(request) | said
    return TemplateResponse(request, "shop/cart/cart.html", context, status=status)


def describe_cart(request: HttpRequest) -> dict[str, object]:
    """What the cart's templates draw."""
    cart = view_cart(get_user(request), get_language() or "ru")
    keep_quantities(request, {line.pack_id: line.quantity for line in cart.lines})
    return {"cart": cart, "removed": get_removed(request), "removed_title": get_removed_title(request)}


def answer_change(
    request: HttpRequest, *, pack_id: int, notice: str = "", message: str = "", change: int = 0
) -> HttpResponse:
    """After a change: the part that asked, and the header's count; a plain form goes back where it came from.

    `message` is told in passing, `notice` stays in sight beside the button; `change` is how many packs came
    (or went, where negative), for those who count.
    """
    forget_quantities(request)
    if not is_htmx(request):
        tell(request, notice, message)
        return redirect(get_next_url(request, default=reverse("shop:cart")))
    response = draw_part(request, pack_id, notice)
    return add_count(request, response, message, measured=describe_change(pack_id, change))


def answer_refusal(
    request: HttpRequest, *, pack_id: int | None, notice: str, status: HTTPStatus
) -> HttpResponse:
    """Nothing was changed, and why."""
    if is_htmx(request) and pack_id is not None and status != HTTPStatus.NOT_FOUND:
        response = draw_part(request, pack_id, notice)
        response.status_code = status
        return response
    if is_htmx(request):
        return trigger_client_event(
            HttpResponse(status=status), "notify", {"message": notice, "tone": "danger"}
        )
    messages.error(request, notice)
    return show_page(request, status=status)


def tell(request: HttpRequest, notice: str, message: str) -> None:
    """Words for the next page."""
    if notice:
        messages.warning(request, notice)
    elif message:
        messages.success(request, message)


def draw_part(request: HttpRequest, pack_id: int, notice: str) -> TemplateResponse:
    """The cart itself where it asked, else the button of the pack."""
    if request.htmx.target == CART_TARGET:  # type: ignore[attr-defined]  # django-htmx sets it
        context = describe_cart(request) | {"notice": notice}
        return TemplateResponse(request, "shop/cart/contents.html", context)
    return TemplateResponse(request, "components/add_to_cart.html", describe_button(request, pack_id, notice))


def describe_button(request: HttpRequest, pack_id: int, notice: str) -> dict[str, object]:
    """What the button of one pack draws after a change."""
    offer = get_offer(pack_id)
    title = get_titles([offer.berry_id], get_language() or "ru")[offer.berry_id].title if offer else ""
    return {
        "pack_id": pack_id,
        "title": title,
        "in_cart": get_request_quantities(request).get(pack_id, 0),
        "left": offer.left if offer else 0,
        "next": get_next_url(request, default=reverse("shop:cart")),
        "notice": notice,
    }


def add_count(
    request: HttpRequest,
    response: HttpResponse,
    message: str = "",
    measured: dict[str, object] | None = None,
) -> HttpResponse:
    """Tell the header how many packs there are now, and counters of visits what changed."""
    count = count_packs(request)
    label = ngettext("Cart, %(count)s item", "Cart, %(count)s items", count) % {"count": count}
    detail = {"count": count, "label": label, "message": message}
    if measured:
        detail["measured"] = measured
    return trigger_client_event(response, "cart-changed", detail)
