"""The page on which a shopper chooses another time for an order."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import get_user, shoppers_only
from shop.delivery.services import SlotTaken
from shop.orders.models import Order
from shop.orders.slots import SlotFixed, can_change_slot, change_order_slot, list_choices
from shop.orders.views import find_order

LARGEST_KEY = 2**62


class SlotForm(forms.Form):
    """The slot that was pressed."""

    slot = forms.IntegerField(min_value=1, max_value=LARGEST_KEY)


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def choose_slot(request: HttpRequest, number: str) -> HttpResponse:
    """The times that are left, or the change to one of them; the order's page says what came of it."""
    order = find_order(request, number=number)
    if request.method == "POST":
        return take_choice(request, order, SlotForm(request.POST))
    return show_choices(request, order) if can_change_slot(order) else refuse(request, order)


def take_choice(request: HttpRequest, order: Order, form: SlotForm) -> HttpResponse:
    """Change the slot, or come back with the times that are left."""
    if not form.is_valid():
        return show_choices(request, order, _("Choose one of the times below."))
    try:
        changed = change_order_slot(
            order_id=order.pk, slot_id=form.cleaned_data["slot"], by=get_user(request)
        )
    except SlotFixed:
        return refuse(request, order)
    except SlotTaken:
        gone = _("There is no place left in this delivery window. Please choose another one.")
        return show_choices(request, order, gone, status=HTTPStatus.CONFLICT)
    said = _("We bring order %(number)s %(slot)s, Moscow time.")
    if changed.delivery.is_pickup:
        said = _("Order %(number)s waits for you %(slot)s, Moscow time.")
    messages.success(request, said % {"number": order.number, "slot": changed.delivery.slot.label})
    return redirect("shop:order", order.number)


def refuse(request: HttpRequest, order: Order) -> HttpResponse:
    """Back to the order, with the reason."""
    messages.error(request, _("The time of this order can no longer be changed. Please call us."))
    return redirect("shop:order", order.number)


def show_choices(
    request: HttpRequest,
    order: Order,
    problem: str = "",
    *,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    """The times that are left, and what was wrong with the one that was sent."""
    context = {"order": order, "delivery": order.delivery, "days": list_choices(order), "problem": problem}
    return TemplateResponse(
        request, "shop/orders/slot.html", context, status=status if problem else HTTPStatus.OK
    )
