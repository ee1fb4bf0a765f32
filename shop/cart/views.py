"""The cart page, and every form that changes the cart. All of it works without JavaScript."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_next_url, get_shopper, get_user, send_to_way_in, shoppers_only
from core.addresses import split_address
from shop.cart.answers import answer_change, answer_refusal, show_page
from shop.cart.forms import AddForm, PackForm, PriceForm, SetForm, describe_quantities
from shop.cart.pending import name_pack, remember_addition
from shop.cart.quantities import get_request_quantities
from shop.cart.services import (
    NotEnough,
    PackUnknown,
    accept_price,
    add_to_cart,
    clear_cart,
    remove_line,
    restore_lines,
    set_quantity,
)
from shop.cart.undo import forget_removed, get_removed, remember_removed


@require_safe
@shoppers_only
def show_cart(request: HttpRequest) -> HttpResponse:
    """The cart with today's prices, and what is wrong with any line."""
    return show_page(request)


@require_POST
def add_pack(request: HttpRequest) -> HttpResponse:
    """One click on "Add to cart". A guest's click is kept until they have signed in."""
    form = AddForm(request.POST)
    if get_shopper(request) is None:
        return keep_for_later(request, form)
    if not form.is_valid():
        return refuse_form(request, form)
    pack_id, quantity = form.cleaned_data["pack"], form.cleaned_data["quantity"]
    try:
        line = add_to_cart(user=get_user(request), pack_id=pack_id, quantity=quantity)
    except PackUnknown:
        return refuse_gone(request, pack_id)
    except NotEnough as refusal:
        return answer_change(request, pack_id=pack_id, notice=explain_limit(refusal))
    message = ngettext(
        "Added. There is %(count)s pack of it in the cart.",
        "Added. There are %(count)s packs of it in the cart.",
        line.quantity,
    ) % {"count": line.quantity}
    return answer_change(request, pack_id=pack_id, message=message, change=quantity)


def keep_for_later(request: HttpRequest, form: AddForm) -> HttpResponse:
    """Remember what a guest wants, and lead them to the way in and back to the berry."""
    if form.is_valid():
        remember_addition(request, pack_id=form.cleaned_data["pack"], quantity=form.cleaned_data["quantity"])
    return send_to_way_in(request, get_next_url(request, default=find_referring_page(request)))


def find_referring_page(request: HttpRequest) -> str:
    """The path of the page that the form was on, if the browser says so and it is ours."""
    referer = split_address(request.headers.get("Referer", ""))
    is_ours = referer.netloc == request.get_host() and referer.path.startswith("/")
    return referer.path if is_ours and not referer.path.startswith("//") else "/"


@require_POST
@shoppers_only
def set_pack(request: HttpRequest) -> HttpResponse:
    """So many packs of this: a stepper was pressed or a number typed. Zero takes the line out."""
    form = SetForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form)
    if form.cleaned_data["quantity"] == 0:
        return take_out(request, form.cleaned_data["pack"])
    return change_quantity(request, form)


def change_quantity(request: HttpRequest, form: SetForm) -> HttpResponse:
    """Set the number; where fewer are left, set that and say so."""
    pack_id, quantity = form.cleaned_data["pack"], form.cleaned_data["quantity"]
    price, user = form.cleaned_data["price"], get_user(request)
    change = quantity - get_request_quantities(request).get(pack_id, 0)
    try:
        set_quantity(user=user, pack_id=pack_id, quantity=quantity, price_shown=price)
    except PackUnknown:
        return refuse_gone(request, pack_id)
    except NotEnough as refusal:
        if refusal.left:
            set_quantity(user=user, pack_id=pack_id, quantity=refusal.left, price_shown=price)
        return answer_change(request, pack_id=pack_id, notice=explain_limit(refusal))
    forget_removed(request)
    return answer_change(request, pack_id=pack_id, change=change)


@require_POST
@shoppers_only
def accept_pack_price(request: HttpRequest) -> HttpResponse:
    """The shopper has seen the new price."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form)
    pack_id = form.cleaned_data["pack"]
    try:
        is_current = accept_price(
            user=get_user(request), pack_id=pack_id, price_shown=form.cleaned_data["price"]
        )
    except PackUnknown:
        return refuse_gone(request, pack_id)
    notice = "" if is_current else _("The price has changed again. Please have another look.")
    return answer_change(request, pack_id=pack_id, notice=notice)


@require_POST
@shoppers_only
def remove_pack(request: HttpRequest) -> HttpResponse:
    """Take a line out; it can be brought back."""
    form = PackForm(request.POST)
    return take_out(request, form.cleaned_data["pack"]) if form.is_valid() else refuse_form(request, form)


def take_out(request: HttpRequest, pack_id: int) -> HttpResponse:
    """Remove the line; one that is gone already is no error: two tabs may say the same."""
    removed = remove_line(user=get_user(request), pack_id=pack_id)
    if removed:
        remember_removed(request, [removed], title=name_pack(pack_id))
    return answer_change(request, pack_id=pack_id, change=-removed.quantity if removed else 0)


@require_POST
@shoppers_only
def clear_lines(request: HttpRequest) -> HttpResponse:
    """Empty the cart; all of it can be brought back."""
    removed = clear_cart(user=get_user(request))
    if removed:
        remember_removed(request, removed)
    return answer_change(request, pack_id=0)


@require_POST
@shoppers_only
def restore_removed(request: HttpRequest) -> HttpResponse:
    """Bring back what was taken out last."""
    is_whole = restore_lines(user=get_user(request), lines=get_removed(request))
    forget_removed(request)
    notice = "" if is_whole else _("Some of it has been sold meanwhile, so not everything could come back.")
    return answer_change(request, pack_id=0, notice=notice)


def refuse_gone(request: HttpRequest, pack_id: int) -> HttpResponse:
    """No such pack, or not sold any more."""
    return answer_refusal(
        request, pack_id=pack_id, notice=_("This berry is no longer sold."), status=HTTPStatus.NOT_FOUND
    )


def refuse_form(request: HttpRequest, form: PackForm) -> HttpResponse:
    """What was sent makes no sense. Without a pack there is nothing to talk about: 404."""
    if "pack" in form.errors:
        raise Http404
    pack_id = form.cleaned_data["pack"]
    return answer_refusal(
        request, pack_id=pack_id, notice=describe_quantities(), status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def explain_limit(refusal: NotEnough) -> str:
    """Why there can't be more of it."""
    if refusal.left == 0:
        return _("This berry has just sold out.")
    if refusal.is_cap:
        return _("One order holds at most %(left)s packs of a berry.") % {"left": refusal.left}
    return ngettext(
        "There is only %(left)s pack left.", "There are only %(left)s packs left.", refusal.left
    ) % {"left": refusal.left}
