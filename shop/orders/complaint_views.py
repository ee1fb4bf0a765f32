"""A shopper's complaint about a delivered order, and its photos, which nobody else gets to see."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import get_user, shoppers_only
from core.limits import is_too_often
from core.views import show_error
from shop.orders.complaint_forms import ComplaintForm
from shop.orders.complaints import (
    LinesInvalid,
    TooLate,
    can_complain,
    file_complaint,
    get_deadline,
    list_open_lines,
)
from shop.orders.models import ComplaintLine, Order
from shop.orders.views import find_order

# Forms with photos of one shopper, in so many seconds.
MOST_FORMS, WINDOW_SECONDS = 10, 3600


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def complain(request: HttpRequest, number: str) -> HttpResponse:
    """The form for an order of the last day; words of advice where it is too late."""
    order = find_order(request, number=number)
    lines = list_open_lines(order)
    if not can_complain(order) or not lines or order.complaints.waiting().exists():
        return refuse(request, order)
    if request.method != "POST":
        return show_form(request, order, ComplaintForm(lines=lines))
    if is_too_often("complaint", order.user_id, most=MOST_FORMS, seconds=WINDOW_SECONDS):
        response = show_error(request, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(WINDOW_SECONDS)
        return response
    return take_complaint(request, order, ComplaintForm(request.POST, request.FILES, lines=lines))


def take_complaint(request: HttpRequest, order: Order, form: ComplaintForm) -> HttpResponse:
    """Store what was sent and thank, or say what is wrong with it."""
    if not form.is_valid():
        return show_form(request, order, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    data = form.cleaned_data
    try:
        file_complaint(order=order, by=get_user(request), text=data["text"], lines=data["bad"])
    except (LinesInvalid, TooLate):  # another form came first, or the day is over
        return refuse(request, order)
    messages.success(request, _("Thank you for telling us. We answer by mail, most often within a day."))
    return redirect("shop:order", order.number)


def refuse(request: HttpRequest, order: Order) -> HttpResponse:
    """Say why there is no form, and where to turn to; a complaint that was sent twice is no fault."""
    if order.complaints.exists():
        messages.info(request, _("We have your complaint already."))
    else:
        messages.error(
            request,
            _("Complaints are taken here within 24 hours of delivery. Please call us, and we will help."),
        )
    return redirect("shop:order", order.number)


def show_form(
    request: HttpRequest, order: Order, form: ComplaintForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The form on a page of its own."""
    context = {"order": order, "form": form, "deadline": get_deadline(order)}
    return TemplateResponse(request, "shop/orders/complaint.html", context, status=status)


@require_safe
@shoppers_only
def show_photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A photo of the shopper's own complaint; anybody else's is not found."""
    lines = ComplaintLine.objects.filter(complaint__order=find_order(request, number=number))
    return send_photo(get_object_or_404(lines.exclude(photo=""), pk=pk))


def send_photo(line: ComplaintLine) -> HttpResponse:
    """The picture itself, for whoever was let in; no cache keeps it."""
    try:
        with line.photo.open("rb") as photo:
            response = HttpResponse(photo.read(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    add_never_cache_headers(response)
    return response
