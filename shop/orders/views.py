"""A shopper's orders, and the way to pay for one. Every page here is one person's: others find nothing."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import get_user, is_htmx, shoppers_only
from accounts.phones import format_phone
from shop.orders.models import Order
from shop.orders.services import NotRejectable, reject_order
from shop.orders.timeline import get_state, get_tone, get_version, list_steps

PAGE_SIZE = 10
# The provider gets to know which shop its payer comes from; nobody else is linked from these pages.
PAY_REFERRER_POLICY = "no-referrer-when-downgrade"


@require_safe
@shoppers_only
def list_orders(request: HttpRequest) -> HttpResponse:
    """All orders of the shopper, newest first."""
    orders = (
        Order.objects.for_user(get_user(request)).select_related("delivery__slot").prefetch_related("lines")
    )
    try:
        page = Paginator(orders, PAGE_SIZE).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404 from error
    rows = [{"order": order, "tone": get_tone(order)} for order in page]
    return TemplateResponse(request, "shop/orders/list.html", {"page_obj": page, "rows": rows})


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
    return trigger_client_event(response, "notify", {"message": describe_news(context["state"])})


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
        "tone": get_tone(order),
        "steps": list_steps(order),
        "payment_method": settings.PAYMENT_METHOD_LABELS.get(order.bill.provider, order.bill.provider),
    }


def describe_news(state: str) -> str:
    """One sentence for those who hear the page rather than see it."""
    return {
        "preparing": _("We are preparing your bill."),
        "waiting": _("The bill is ready to be paid."),
        "paid": _("The order is paid."),
        "rejected": _("The order is canceled."),
        "expired": _("The order was not paid in time."),
        "refund": _("The money will be returned to you."),
        "refunded": _("The money was returned to you."),
    }[state]
