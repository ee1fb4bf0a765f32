"""Addresses that belong to the whole site: health, error pages, the developer's mailbox."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core.api_errors import answer_error, is_api_call
from core.devmail import find_letter, list_letters
from core.middleware import STOREFRONT_POLICY
from core.styleguide import make_samples

# Mail programs know inline styles and no scripts.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-popups"
)
# How long who met a database that is away had better wait.
RETRY_SECONDS = 5


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The shop can sell: the database answers. Raises whatever the database raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for developers; `?lang=en` shows it in English."""
    with override("en" if request.GET.get("lang") == "en" else "ru"):
        return TemplateResponse(request, "styleguide/index.html", make_samples()).render()


@require_safe
@never_cache
def list_mail(request: HttpRequest) -> HttpResponse:
    """The mails that development sent, newest first; `?format=json` for programs, `?message=` for one."""
    if "message" in request.GET:
        return show_letter(request, request.GET["message"])
    letters = list_letters()
    if request.GET.get("format") == "json":
        names = ("to", "subject", "text", "html", "headers")
        return JsonResponse(
            [{name: getattr(letter, name) for name in names} for letter in letters], safe=False
        )
    return TemplateResponse(request, "dev/mail.html", {"letters": letters})


def show_letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail; `format=html` is its HTML body alone, locked up, for the frame that the page shows it in."""
    letter = find_letter(name)
    if letter is None:
        raise Http404
    if request.GET.get("format") == "html":
        return HttpResponse(letter.html, headers={"Content-Security-Policy": LETTER_POLICY})
    response = TemplateResponse(request, "dev/mail_letter.html", {"letter": letter})
    response.headers["Content-Security-Policy"] = f"{STOREFRONT_POLICY}; frame-src 'self'"
    return response


def show_error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page in the shop's style and the visitor's language; programs get JSON."""
    if is_api_call(request):
        return answer_error(status)
    return TemplateResponse(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return show_error(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return show_error(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return show_error(request, 404)


@csrf_exempt  # it does nothing, and its advice would be of no use to a program
def refuse_unknown_call(request: HttpRequest, call: str) -> HttpResponse:
    """404 for an address of the API that is none, before anybody looks for a page there."""
    return answer_error(404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with advice: the form was too old."""
    return TemplateResponse(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without database, session or context processors: any of them may be the fault.

    503 where the fault is the database's: it is away, and will be back.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return ask_for_patience(request)
    if is_api_call(request):
        return answer_error(500)
    return HttpResponse(render_to_string("500.html"), status=500)


def ask_for_patience(request: HttpRequest) -> HttpResponse:
    """503, as a page or as JSON, drawn without the database."""
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if is_api_call(request):
        return answer_error(503, headers=headers)
    retry_url = request.get_full_path() if request.method == "GET" else ""
    page = render_to_string("503.html", {"retry_url": retry_url})
    return HttpResponse(page, status=503, headers=headers)
