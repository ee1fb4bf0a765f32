"""A shopper's orders, and the way to pay for one. Every page here is one person's: others find nothing."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import get_user, is_htmx, shoppers_only
from accounts.phones import format_phone
from shop.delivery.models import Delivery
from shop.orders.canceling import NotCancelable, can_cancel, cancel_paid_order
from shop.orders.complaints import can_complain, get_deadline
from shop.orders.emails import make_cheque_context
from shop.orders.models import Order
from shop.orders.services import NotRejectable, reject_order
from shop.orders.slots import can_change_slot
from shop.orders.timeline import (
    describe_step,
    get_label,
    get_state,
    get_tone,
    get_version,
    is_moving,
    list_steps,
)

PAGE_SIZE = 10
# The orders of each part of the list, by what its link asks for.
CALLED_OFF = Q(status="paid", delivery__status="canceled")
PARTS = {
    "open": Q(status__in=["pending", "paid", "in_delivery"]) & ~CALLED_OFF,
    "delivered": Q(status="delivered"),
    "closed": Q(status__in=["rejected", "expired", "refunded"]) | CALLED_OFF,
}
# The provider gets to know which shop its payer comes from; nobody else is linked from these pages.
PAY_REFERRER_POLICY = "no-referrer-when-downgrade"


@require_safe
@shoppers_only
def list_orders(request: HttpRequest) -> HttpResponse:
    """All orders of the shopper, newest first, or those of one part."""
    orders = (
        Order.objects.for_user(get_user(request)).select_related("delivery__slot").prefetch_related("lines")
    )
    part = request.GET.get("state", "")
    if part in PARTS:
        orders = orders.filter(PARTS[part])
    try:
        page = Paginator(orders, PAGE_SIZE).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404 from error
    rows = [{"order": order, "tone": get_tone(order), "label": get_label(order)} for order in page]
    context = {"page_obj": page, "rows": rows, "parts": list_parts(part), "is_filtered": part in PARTS}
    return TemplateResponse(request, "shop/orders/list.html", context)


def list_parts(chosen: str) -> list[tuple[str, str, bool]]:
    """The parts of the list: what each one's link asks for, its name, and whether it is shown."""
    names = {
        "": pgettext("orders", "All"),
        "open": pgettext("orders", "Under way"),
        "delivered": pgettext("orders", "Delivered"),
        "closed": pgettext("orders", "Canceled"),
    }
    chosen = chosen if chosen in PARTS else ""
    return [(part, name, part == chosen) for part, name in names.items()]


@require_safe
@shoppers_only
def show_order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: what, how much, where to pay, where it is."""
    return show_story(request, find_order(request, number=number), "order")


@require_POST
@shoppers_only
def reject(request: HttpRequest, number: str) -> HttpResponse:
    """Give up an unpaid order."""
    order = find_order(request, number=number)
    try:
        reject_order(order=order, by=get_user(request))
    except NotRejectable:
        messages.error(
            request, _("This order can no longer be canceled here. Please call us, and we will help.")
        )
    else:
        messages.success(request, _("The order is canceled. You don't have to pay anything."))
    return redirect("shop:order", number)


@require_POST
@shoppers_only
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call a paid order off; the money goes back."""
    order = find_order(request, number=number)
    try:
        cancel_paid_order(order=order, by=get_user(request))
    except NotCancelable:
        messages.error(
            request, _("This order can no longer be canceled here. Please call us, and we will help.")
        )
    else:
        messages.success(request, _("The order is canceled. Your money goes back the way it came."))
    return redirect("shop:order", number)


@require_safe
@shoppers_only
def show_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of a paid order as it was bought, to be printed. 404 for what was never paid."""
    order = find_order(request, number=number)
    if order.paid_at is None:
        raise Http404
    context = make_cheque_context(order) | {"returned": order.bill.refunds.done().get_total()}
    return TemplateResponse(request, "shop/orders/receipt.html", context)


@require_safe
@shoppers_only
def pay(request: HttpRequest, bill_id: UUID) -> HttpResponse:
    """Our own page before the provider's: the sum, the time, and the link."""
    response = show_story(request, find_order(request, bill_id=bill_id), "pay")
    response.headers["Referrer-Policy"] = PAY_REFERRER_POLICY
    return response


@require_safe
@shoppers_only
def return_from_payment(request: HttpRequest, bill_id: UUID) -> HttpResponse:
    """Where the provider sends people back to. Being here proves nothing and changes nothing."""
    response = show_story(request, find_order(request, bill_id=bill_id), "return")
    response.headers["Referrer-Policy"] = PAY_REFERRER_POLICY
    return response


def find_order(request: HttpRequest, **which: Any) -> Order:
    """The shopper's own order; anybody else's is not found."""
    if "\0" in str(which):
        raise Http404
    return get_object_or_404(Order.objects.for_user(get_user(request)).with_details(), **which)


def show_story(request: HttpRequest, order: Order, page: str) -> HttpResponse:
    """The whole page; or, where the page asks on its own, what is new, or nothing."""
    context = describe_story(order, page)
    if not is_htmx(request):
        return TemplateResponse(request, f"shop/orders/{page}.html", context)
    if request.GET.get("known") == context["version"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    response = TemplateResponse(request, f"shop/orders/{page}_state.html", context)
    # "The order is paid" is news once; after that it is where the order is.
    is_away = context["state"] == "paid" and order.delivery.status != Delivery.Status.PACKING
    message = describe_step(order) if is_away else describe_news(context["state"])
    return trigger_client_event(response, "notify", {"message": message})


def describe_story(order: Order, page: str) -> dict[str, Any]:
    """What the templates of one order draw; `is_final`: the money has nothing new to tell."""
    return {
        "order": order,
        "bill": order.bill,
        "delivery": order.delivery,
        "phone": format_phone(order.phone),
        "page_name": page,
        "state": get_state(order),
        "version": get_version(order),
        "is_final": not order.is_pending,
        "is_moving": is_moving(order),
        "can_change_slot": can_change_slot(order),
        "tone": get_tone(order),
        "label": get_label(order),
        "can_cancel": can_cancel(order),
        "steps": list_steps(order),
        "payment_method": settings.PAYMENT_METHOD_LABELS.get(order.bill.provider, order.bill.provider),
        **describe_complaints(order),
    }


def describe_complaints(order: Order) -> dict[str, Any]:
    """What the shopper complained about, and until when they may do so about the other lines.

    Nothing is asked about an order that never arrived.
    """
    if get_deadline(order) is None:
        return {"complaints": [], "complain_until": None}
    complaints = list(order.complaints.prefetch_related("lines__line"))
    named = {bad.line_id for complaint in complaints for bad in complaint.lines.all()}
    is_open = any(line.pk not in named and line.quantity_left for line in order.lines.all())
    is_answered = not any(complaint.is_waiting for complaint in complaints)
    may_complain = is_open and is_answered and can_complain(order)
    return {"complaints": complaints, "complain_until": get_deadline(order) if may_complain else None}


def describe_news(state: str) -> str:
    """One sentence for those who hear the page rather than see it."""
    return {
        "preparing": _("We are preparing your bill."),
        "waiting": _("The bill is ready to be paid."),
        "closing": _("The time to pay is over."),
        "paid": _("The order is paid."),
        "called_off": _("The order is canceled, and the money goes back."),
        "rejected": _("The order is canceled."),
        "expired": _("The order was not paid in time."),
        "refund": _("The money will be returned to you."),
        "refunded": _("The money was returned to you."),
    }[state]
