"""The courier's page: today's stops on a phone. Who has no right to it finds nothing."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_user, shoppers_only
from accounts.staff_door import lacks_second_step, lead_to_second_step
from shop.delivery.models import DeliveryEvent, format_day
from shop.orders.courier.forms import MoveForm
from shop.orders.courier.links import MAY_CARRY, LinkInvalid, Round, make_link_token, read_link_token
from shop.orders.courier.stops import find_stop, list_stops
from shop.orders.moves import Move, MoveRefused, ReasonMissing, move_order

MAY_SEE_DELIVERIES = "shop.view_delivery"


@require_safe
@shoppers_only
def open_today(request: HttpRequest) -> HttpResponse:
    """For who has the courier's role: today's link, made for them."""
    user = get_user(request)
    if not user.has_perm(MAY_CARRY):
        raise Http404
    if lacks_second_step(user):
        return lead_to_second_step(request)
    return redirect("shop:courier-stops", make_link_token(courier=user, day=timezone.localdate()))


@require_safe
def show_stops(request: HttpRequest, token: str) -> HttpResponse:
    """The stops of the link's courier and day."""
    return render_stops(request, token, find_round(token))


@require_POST
def make_move(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """One press at one stop. Whatever came in between is told, and nothing is done twice."""
    round_ = find_round(token)
    stop = find_stop(round_, number) if "\0" not in number else None
    if stop is None:
        raise Http404
    form = MoveForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_stops(
            request, token, round_, form=form, number=number, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    facts = form.cleaned_data
    try:
        move_order(
            order_id=stop.order.pk,
            move=facts["move"],
            by=round_.courier,
            seen=facts["seen"],
            note=facts["note"],
            photo=facts["photo"],
            courier=round_.courier,
        )
    except (MoveRefused, ReasonMissing):
        messages.warning(request, _("Order %(number)s stands otherwise by now.") % {"number": number})
    else:
        messages.success(request, describe_move(facts["move"]) % {"number": number})
    return redirect("shop:courier-stops", token)


@require_safe
@shoppers_only
def show_photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A photo of a delivery, for who ordered it and for staff who see deliveries."""
    user = get_user(request)
    events = DeliveryEvent.objects.exclude(photo="").filter(delivery__order__number=number.replace("\0", ""))
    if lacks_second_step(user) or not user.has_perm(MAY_SEE_DELIVERIES):
        events = events.filter(delivery__order__user=user)
    event = get_object_or_404(events, pk=pk)
    try:
        with event.photo.open("rb") as file:
            return HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error


def find_round(token: str) -> Round:
    """Whose stops, and of which day; 404 for a link that is none, or no longer."""
    try:
        return read_link_token(token)
    except LinkInvalid as error:
        raise Http404 from error


def render_stops(
    request: HttpRequest,
    token: str,
    round_: Round,
    *,
    form: MoveForm | None = None,
    number: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page; with what was wrong with the press on one stop."""
    stops = list_stops(round_)
    context = {
        "token": token,
        "courier": round_.courier,
        "day": format_day(round_.day),
        "stops": stops,
        "left": sum(not stop.is_done for stop in stops),
        "problem_at": number,
        "problems": [error for errors in form.errors.values() for error in errors] if form else [],
    }
    response = TemplateResponse(request, "shop/orders/courier.html", context, status=status)
    add_never_cache_headers(response)
    # The address is the key: no other site sees it. "no-referrer" would have browsers send our own forms with
    # "Origin: null", which is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def describe_move(move: Move) -> str:
    """What was done, for the courier."""
    return {
        Move.SET_OFF: _("Order %(number)s: you are on the way. The shopper knows."),
        Move.DELIVER: _("Order %(number)s is delivered."),
        Move.FAIL: _("Order %(number)s was not delivered. Bring it back to the shop."),
    }[move]
