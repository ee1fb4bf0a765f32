"""What programs are told where there is nothing to say but the status, in the language of the request."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _

API_PREFIX = "/api/"
# Behind the same prefix are allauth's calls, which say what is wrong in allauth's way.
SHOP_API_PREFIX = "/api/v1/"

REASONS = {
    HTTPStatus.BAD_REQUEST: ("malformed", _("The request could not be read.")),
    HTTPStatus.UNAUTHORIZED: ("not_authenticated", _("Please sign in.")),
    HTTPStatus.FORBIDDEN: ("permission_denied", _("You may not do this.")),
    HTTPStatus.NOT_FOUND: ("not_found", _("There is no such thing here.")),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method_not_allowed",
        _("This call is not made with that method; the Allow header names those that are."),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "server_error",
        _(
            "Something broke on our side. If you were ordering or paying, look at your orders before you try "
            "again: the order may have been taken."
        ),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "unavailable",
        _("The shop can't reach its records just now. Please try again in a minute."),
    ),
}


def is_api_call(request: HttpRequest) -> bool:
    """Whether a program asks, and wants JSON."""
    return request.path_info.startswith(API_PREFIX)


def describe_error(status: int) -> dict[str, str]:
    """The code for programs and the sentence for people that a status of REASONS comes with."""
    code, detail = REASONS[HTTPStatus(status)]
    return {"code": code, "detail": str(detail)}


def answer_error(status: int, *, headers: dict[str, str] | None = None) -> JsonResponse:
    """The whole answer, where nothing but the status is to be said."""
    return JsonResponse(describe_error(status), status=status, headers=headers)
