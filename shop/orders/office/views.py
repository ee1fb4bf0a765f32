"""The buttons of an order's page in the admin.

Each asks for the right itself; nothing changes but by POST.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import get_user
from core.money import format_money
from payments.receipts import ReceiptInvalid
from payments.services import RefundConflict, RefundImpossible, RefundTooLarge
from shop.delivery.models import DeliveryZone
from shop.delivery.services import SlotTaken
from shop.orders.models import Order
from shop.orders.money_views import describe_refusal as describe_money_refusal
from shop.orders.moves import Move, MoveRefused, ReasonMissing, move_order
from shop.orders.office import amending
from shop.orders.office.amending import NotAmendable, OrderMoved, OtherZone, WrongQuantity
from shop.orders.office.forms import CallOffForm, DoorForm, MoveForm, PacksForm, SlotForm, StaffNoteForm
from shop.orders.office.moving import MAY_CHANGE, describe_refusal, may_move
from shop.orders.office.page import MAY_REFUND, list_free_slots, may_call_off
from shop.orders.refunds import ReferenceMissing, goes_by_hand

PAGE = "wagtailsnippets_shop_order:inspect"
may_change = permission_required(MAY_CHANGE, raise_exception=True)
may_give_back = permission_required([MAY_CHANGE, MAY_REFUND], raise_exception=True)
ADVICE: dict[type[forms.BaseForm], Any] = {
    CallOffForm: gettext_lazy(
        "Packs and place return to the shop. What was paid goes back through the provider; where it can't, "
        "the order waits under “Money” for whoever gives it back by hand."
    ),
    PacksForm: gettext_lazy(
        "Say how many packs to take off. They return to stock, and what was paid for them goes back."
    ),
    DoorForm: gettext_lazy("The new address has to be in the same zone: what delivery costs stays as it is."),
    SlotForm: gettext_lazy("Only times until which the berries keep. In brackets: how many places are left."),
}
MONEY_REFUSED = (RefundTooLarge, RefundImpossible, RefundConflict, ReceiptInvalid)


@require_POST
@permission_required("shop.view_order", raise_exception=True)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one step of the delivery, if the order still stands as the person saw it."""
    order, form = find_order(pk), MoveForm(request.POST)
    if not form.is_valid():
        return say(request, pk, messages.WARNING, _("Please press one of the buttons."))
    chosen, data, user = Move(form.cleaned_data["move"]), form.cleaned_data, get_user(request)
    if not may_move(user, chosen):
        raise PermissionDenied
    extras = {"slot_id": data["slot"]} if data["slot"] else {}
    try:
        moved = move_order(
            order_id=order.pk, move=chosen, by=user, seen=data["seen"], note=data["note"], **extras
        )
    except MoveRefused as refusal:
        return say(request, pk, messages.WARNING, tell_who_was_faster(refusal.order))
    except ReasonMissing:
        return say(request, pk, messages.ERROR, _("Say why it could not be delivered."))
    except SlotTaken:
        return say(request, pk, messages.ERROR, _("There is no place left in this slot. Choose another one."))
    return say(request, pk, messages.SUCCESS, moved.delivery.get_status_display().capitalize())


@require_POST
@may_change
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a word to colleagues down."""
    form = StaffNoteForm(request.POST)
    order = find_order(pk)
    if not form.is_valid():
        return say(request, pk, messages.ERROR, _("A note needs some words, up to 500 characters."))
    amending.add_note(order_id=order.pk, text=form.cleaned_data["text"], by=get_user(request))
    return say(request, pk, messages.SUCCESS, _("The note is kept."))


@require_http_methods(["GET", "HEAD", "POST"])
@may_give_back
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take packs off a paid order; what they cost goes back."""
    order = find_order(pk)
    if not amending.can_take_off(order):
        return say(request, pk, messages.WARNING, tell_who_was_faster(order))
    form = PacksForm(
        request.POST or None,
        order=order,
        by_hand=goes_by_hand(bill=order.bill, amount=order.lines.all()[0].price),
        initial={"seen": amending.tell_version(order)},
    )

    def act(data: dict[str, Any]) -> str:
        refund = amending.take_off_packs(
            order_id=order.pk,
            packs=form.get_packs(),
            by=get_user(request),
            seen=data["seen"],
            key=str(data["key"]),
            reference=data.get("reference", ""),
        )
        amount = format_money(refund.amount) if refund else ""
        return (
            _("%(sum)s goes back to the shopper.") % {"sum": amount} if refund else _("The order is changed.")
        )

    return handle(request, order, form, _("Take packs off"), act)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def change_door(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the order brought to another door of its zone."""
    order = find_order(pk)
    if order.delivery.is_pickup:
        return say(request, pk, messages.WARNING, _("This order is picked up: its address is the point's."))
    if not amending.has_door(order):
        return say(request, pk, messages.WARNING, tell_who_was_faster(order))
    seen = {"seen": amending.tell_version(order)}
    # A copy: a form that is not valid leaves its values on the instance, and the page shows the order.
    form = DoorForm(request.POST or None, instance=find_order(pk).delivery, initial=seen)

    def act(data: dict[str, Any]) -> str:
        amending.change_address(
            order_id=order.pk, values=form.get_values(), by=get_user(request), seen=data["seen"]
        )
        return _("The address is changed.")

    return handle(request, order, form, _("Change the address"), act)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def choose_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the order brought at another time."""
    order = find_order(pk)
    if not amending.is_amendable(order):
        return say(request, pk, messages.WARNING, tell_who_was_faster(order))
    choices = [(slot.pk, f"{slot.label} ({slot.left})") for slot in list_free_slots(order)]
    seen = {"seen": amending.tell_version(order)}
    form = SlotForm(request.POST or None, choices=choices, initial=seen)

    def act(data: dict[str, Any]) -> str:
        amending.choose_slot(order_id=order.pk, slot_id=data["slot"], by=get_user(request), seen=data["seen"])
        return _("The delivery time is changed; the shopper gets a letter.")

    return handle(request, order, form, _("Change the delivery time"), act)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the whole order off; what was paid for it goes back."""
    order = find_order(pk)
    if not may_call_off(get_user(request), order):
        raise PermissionDenied
    if not amending.can_call_off(order):
        return say(request, pk, messages.WARNING, tell_who_was_faster(order))
    form = CallOffForm(request.POST or None, initial={"seen": amending.tell_version(order)})

    def act(data: dict[str, Any]) -> str:
        amending.call_off(order_id=order.pk, reason=data["reason"], by=get_user(request), seen=data["seen"])
        return _("The order is canceled; the shopper gets a letter.")

    return handle(request, order, form, _("Cancel the order"), act)


def handle(
    request: HttpRequest, order: Order, form: forms.BaseForm, title: str, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the form, or do what it says and go back to the order; what is refused is said in words."""
    if request.method == "POST" and form.is_valid():
        try:
            return say(request, order.pk, messages.SUCCESS, act(form.cleaned_data))
        except (OrderMoved, NotAmendable) as refusal:
            return say(request, order.pk, messages.WARNING, tell_who_was_faster(refusal.order))
        except SlotTaken:
            form.add_error("slot", _("There is no place left in this slot. Choose another one."))
        except OtherZone as refusal:
            form.add_error(None, describe_zone(refusal.zone))
        except WrongQuantity:
            form.add_error(None, _("Say how many packs; at least one has to stay in the order."))
        except ReferenceMissing:
            form.add_error(None, _("The provider can't give this back: name the transfer you made."))
        except MONEY_REFUSED as refusal:
            form.add_error(None, describe_money_refusal(refusal))
    context = {"order": order, "form": form, "title": title, "advice": ADVICE.get(type(form), "")}
    return TemplateResponse(request, "shop/orders/admin/amend.html", context)


def describe_zone(zone: DeliveryZone) -> str:
    """Why the order is not brought to an address of that area, and what to do."""
    words = _(
        "This address is in the area “%(zone)s”, where delivery has a price of its own. "
        "Check it, or cancel the order and let the shopper place another one."
    )
    return words % {"zone": zone.name}


def find_order(pk: int) -> Order:
    """The order with what the forms show of it."""
    return get_object_or_404(Order.objects.with_details(), pk=pk)


def tell_who_was_faster(order: Order) -> str:
    """Say that somebody else changed the order meanwhile, who that was, and how it stands now."""
    last = order.events.exclude(event="note").select_related("by").order_by("-pk").first()
    state = describe_refusal(order)
    if last is None or last.by is None:
        return state
    return _("%(who)s was faster. %(state)s") % {"who": last.by.get_full_name(), "state": state}


def say(request: HttpRequest, pk: int, level: int, text: str) -> HttpResponse:
    """Back to the order, with a word."""
    messages.add_message(request, level, text)
    return redirect(PAGE, pk)
