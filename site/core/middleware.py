"""Request-wide rules: the content security policy, and input no database can hold."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.defaults import bad_request

from core.api_errors import SHOP_API_PREFIX, answer_error, is_api_call
from core.policy import extend_policy
from core.publicity import get_publicity

View = Callable[[HttpRequest], HttpResponse]

STOREFRONT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# Wagtail's editor and wagtail-localize's styled components need inline scripts and styles.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'self'; frame-ancestors 'self'"
)
ADMIN_PREFIXES = ("/admin/", "/documents/")
# The API's readable docs are drawn by scripts that come with django-ninja.
API_DOCS_PATH = "/api/v1/docs"


def content_security_policy(get_response: View) -> View:
    """Send a strict policy with every page of the shop, a looser one with the admin."""

    def add_policy(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_loose = request.path.startswith((*ADMIN_PREFIXES, API_DOCS_PATH))
        policy = ADMIN_POLICY if is_loose else choose_policy(response)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response

    return add_policy


def choose_policy(response: HttpResponse) -> str:
    """The shop's policy; its pages may load what an owner has switched on, too.

    An answer to a fault asks for nothing: what keeps the setting may be at fault.
    """
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return STOREFRONT_POLICY
    return extend_policy(STOREFRONT_POLICY, get_publicity())


def refuse_broken_input(get_response: View) -> View:
    """Answer 400 to a path or query that holds a NUL byte: PostgreSQL cannot store one."""

    def refuse(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer_error(400) if is_api_call(request) else bad_request(request, BadRequest("NUL byte"))
        return get_response(request)

    return refuse


def speak_api_language(get_response: View) -> View:
    """The API has no language in its path: it answers in that of `?lang=`, else of Accept-Language.

    Stands right behind LocaleMiddleware, which knows only paths and would make it Russian.
    """

    def speak(request: HttpRequest) -> HttpResponse:
        if is_api_call(request):
            wanted = request.GET.get("lang", "")
            is_known = wanted in dict(settings.LANGUAGES)
            language = wanted if is_known else translation.get_language_from_request(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return speak


def explain_refused_method(get_response: View) -> View:
    """Say as every other error of the API what django-ninja says as plain text, in English alone."""

    def explain(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_refused = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        if is_refused and request.path_info.startswith(SHOP_API_PREFIX):
            return answer_error(405, headers={"Allow": response.headers["Allow"]})
        return response

    return explain
