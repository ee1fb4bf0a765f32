"""No tries to sign in, register or reset while nobody can count them.

allauth counts tries in the cache. Where Redis is away it refuses them too, but only after a second of waiting
for each count, and says that there were too many. So they are stopped before, politely, with a time to come
back; who is signed in goes on shopping, and signing out always works.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account import app_settings
from allauth.core.internal.ratelimit import respond_429
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from core.redis_health import AWAY_SECONDS, is_away

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_SECONDS = 30
# allauth counts most things by the minute, and wrong passwords by five.
WINDOW_SECONDS = 60
FAILURE_SECONDS = 300
# Signing out, as a page and (by DELETE) as a call.
UNCOUNTED = frozenset({("account_logout", "POST"), ("current_session", "DELETE")})


class CountedTries:
    """Middleware: refuses what allauth would have to count, while it can't count."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(WINDOW_SECONDS))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """503 for a try that nobody could count; everything else goes on to its view."""
        if not is_counted(request) or can_count():
            return None
        return refuse_try(request)


def is_counted(request: HttpRequest) -> bool:
    """Whether this is a request that allauth limits the number of."""
    match = request.resolver_match
    if match is None or request.method in SAFE_METHODS or not app_settings.RATE_LIMITS:
        return False
    name = match.url_name or ""
    is_allauths = "headless" in match.namespaces or name.startswith(("account_", "mfa_"))
    return is_allauths and (name, request.method) not in UNCOUNTED


def can_count() -> bool:
    """Whether the cache answers. Who asks while Redis is away waits for it at most once in a while."""
    cache.get("accounts:ping")
    return not is_away()


def refuse_try(request: HttpRequest) -> HttpResponse:
    """503 in the visitor's language, as a page or as JSON, with the time to come back."""
    seconds = int(max(RETRY_SECONDS, AWAY_SECONDS))
    match = request.resolver_match
    if match and "headless" in match.namespaces:
        detail = _(
            "Signing in is paused for a moment: tries can't be counted just now. Please try again soon."
        )
        body = {"status": 503, "errors": [{"code": "unavailable", "message": detail}]}
        response: HttpResponse = JsonResponse(body, status=503)
    else:
        response = TemplateResponse(request, "account/paused.html", {"seconds": seconds}, status=503)
    response["Retry-After"] = str(seconds)
    add_never_cache_headers(response)
    return response


def refuse_too_often(request: HttpRequest, *, seconds: int = WINDOW_SECONDS) -> HttpResponse:
    """429 in the visitor's language, as a page or as allauth's JSON, with the time to come back."""
    match = request.resolver_match
    if match and "headless" in match.namespaces:
        response: HttpResponse = respond_429(request)
    else:
        context = {"minutes": max(round(seconds / 60), 1)}
        response = TemplateResponse(
            request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
        ).render()
    response["Retry-After"] = str(seconds)
    add_never_cache_headers(response)
    return response


def show_too_many(request: HttpRequest) -> HttpResponse:
    """What allauth shows to who does something more often than people do."""
    return refuse_too_often(request)
