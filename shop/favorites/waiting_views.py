"""Asking to be told that a berry is back, and the links of letters about it; no page needs JavaScript."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import get_next_url, get_shopper, get_user, send_to_way_in, shoppers_only
from accounts.clients import get_ip_address
from accounts.models import User
from core.languages import get_active_language
from core.limits import is_too_often
from core.views import show_error
from shop.catalog.cards import BerryTitle, get_titles
from shop.catalog.models import Berry
from shop.favorites.forms import BerryForm, WaitingForm
from shop.favorites.links import read_confirm_token, read_leave_token
from shop.favorites.models import Waiting
from shop.favorites.services import BerryUnknown
from shop.favorites.waiting import (
    ask_as_guest,
    ask_as_shopper,
    confirm_waiting,
    withdraw_own,
    withdraw_waiting,
)

# Requests of one address of the network, in so many seconds.
MOST_REQUESTS, WINDOW_SECONDS = 10, 600
SESSION_KEY = "waiting_email"


# --- Asking -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The form on a page of its own, and its answer, which is the same for every address."""
    berry = find_berry(request)
    user = get_shopper(request)
    if user is None and request.user.is_authenticated:
        return send_to_way_in(request, request.path + f"?berry={berry.pk}")
    if request.method != "POST":
        return show_form(request, berry, WaitingForm(is_shopper=user is not None))
    form = WaitingForm(request.POST, is_shopper=user is not None)
    if not form.is_valid():
        return show_form(request, berry, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if is_too_often("waiting", get_ip_address(request), most=MOST_REQUESTS, seconds=WINDOW_SECONDS):
        response = show_error(request, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(WINDOW_SECONDS)
        return response
    try:
        return take_as_shopper(request, user, berry, form) if user else take_as_guest(request, berry, form)
    except BerryUnknown as error:
        raise Http404 from error


def take_as_shopper(request: HttpRequest, user: User, berry: Berry, form: WaitingForm) -> HttpResponse:
    """Note what a signed-in shopper wants, and go back to where they were."""
    ask_as_shopper(
        user=user,
        berry_id=berry.pk,
        moment=form.cleaned_data["moment"],
        language=get_active_language(),
        ip_address=get_ip_address(request),
    )
    words = _("We will write to %(email)s once, as soon as the time has come.") % {"email": user.email}
    messages.success(request, words)
    return redirect(get_next_url(request, default=reverse("shop:favorites")))


def take_as_guest(request: HttpRequest, berry: Berry, form: WaitingForm) -> HttpResponse:
    """Have a letter sent to the address, and say so whether one was or not."""
    email = form.cleaned_data["email"]
    if not form.is_robot:
        ask_as_guest(
            email=email,
            berry_id=berry.pk,
            moment=form.cleaned_data["moment"],
            language=get_active_language(),
            ip_address=get_ip_address(request),
        )
    request.session[SESSION_KEY] = email
    return redirect("shop:waiting-sent")


@require_safe
@never_cache
def show_sent(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox."""
    context = {"email": request.session.get(SESSION_KEY, "")}
    return TemplateResponse(request, "shop/favorites/waiting_sent.html", context)


def find_berry(request: HttpRequest) -> Berry:
    """The berry that is asked for, by form or address. 404 for what is not sold."""
    form = BerryForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Http404
    return get_object_or_404(Berry.objects.active(), pk=form.cleaned_data["berry"])


def show_form(
    request: HttpRequest, berry: Berry, form: WaitingForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The form on a page of its own."""
    title = get_titles([berry.pk], get_active_language())[berry.pk]
    context = {
        "berry": berry,
        "title": title,
        "form": form,
        "is_in_season": berry.is_in_season(timezone.localdate()),
        "next": get_next_url(request, default=title.url or reverse("shop:favorites")),
    }
    return TemplateResponse(request, "shop/favorites/waiting_form.html", context, status=status)


@require_POST
@shoppers_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a request of one's own; somebody else's is not found."""
    if not withdraw_own(user=get_user(request), waiting_id=pk):
        raise Http404
    messages.success(request, _("We will not write to you about this berry."))
    return redirect(get_next_url(request, default=reverse("shop:favorites")))


# --- Links of letters -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button that confirms. Programs that look into links before their reader does confirm nothing."""
    key = read_confirm_token(token)
    waiting = Waiting.objects.select_related("berry").filter(key=key).first() if key else None
    state = "ask" if waiting and waiting.is_open else "gone"
    if request.method == "POST" and key:
        waiting = confirm_waiting(key=key)
        state = "confirmed" if waiting else "gone"
    return show_state(request, "shop/favorites/waiting_confirm.html", waiting, state)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_leave(request: HttpRequest, token: str) -> HttpResponse:
    """A button that withdraws. A POST is enough, of a mail program too (RFC 8058); a GET does nothing."""
    key = read_leave_token(token)
    waiting = Waiting.objects.select_related("berry").filter(key=key).first() if key else None
    state = ("ask" if waiting.is_open else "done") if waiting else "gone"
    if request.method == "POST" and key and waiting:
        waiting, state = withdraw_waiting(key=key), "done"
    return show_state(request, "shop/favorites/waiting_leave.html", waiting, state)


def show_state(request: HttpRequest, template: str, waiting: Waiting | None, state: str) -> HttpResponse:
    """The page of a link: 410 where the link is good for nothing any more."""
    context: dict[str, Any] = {"state": state, "waiting": waiting, "title": find_title(waiting)}
    return TemplateResponse(
        request, template, context, status=HTTPStatus.GONE if state == "gone" else HTTPStatus.OK
    )


def find_title(waiting: Waiting | None) -> BerryTitle | None:
    """What the request's berry is called here, and its page."""
    if waiting is None:
        return None
    return get_titles([waiting.berry_id], get_active_language())[waiting.berry_id]
