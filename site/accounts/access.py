"""Who may use what belongs to a shopper, and the way in for those who may not yet.

The cart and all that follows it are for people who are signed in and have confirmed their address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from accounts.services import has_verified_email

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def get_shopper(request: HttpRequest) -> User | None:
    """The signed-in user whose address is confirmed; None for everybody else."""
    user = request.user
    return user if isinstance(user, User) and has_verified_email(user) else None


def shoppers_only(view: View[Arguments]) -> View[Arguments]:
    """Let only confirmed shoppers in; others are sent to the way in. No cache keeps the answer."""

    @never_cache
    @wraps(view)
    def let_in(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if get_shopper(request) is None:
            back = request.get_full_path() if request.method == "GET" else get_next_url(request, default="/")
            return send_to_way_in(request, back)
        return view(request, *args, **kwargs)

    return let_in


def get_user(request: HttpRequest) -> User:
    """The signed-in user of a view that lets nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError("This view forgot to ask who is calling")
    return request.user


def send_to_way_in(request: HttpRequest, back: str) -> HttpResponse:
    """Guests to the sign-in page, the unconfirmed to the page that explains; both come back afterwards."""
    if request.user.is_authenticated:
        query = urlencode({"next": back})
        response: HttpResponse = redirect(f"{reverse('account:confirm')}?{query}")
    else:
        response = redirect_to_login(back)
    return HttpResponseClientRedirect(response["Location"]) if is_htmx(request) else response


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of the page asks, and not the whole."""
    return bool(getattr(request, "htmx", False))


def get_next_url(request: HttpRequest, *, default: str) -> str:
    """The page to go on to: `next` of the form or the address, if it is one of ours."""
    url: Any = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else default
