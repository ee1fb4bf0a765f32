"""What every part of the JSON API shares: errors in the request's language, one shape."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from core.api_errors import answer_error


class ErrorOut(Schema):
    """Every error: a code for programs, a sentence for people."""

    code: str
    detail: str


class ApiError(Exception):
    """An anticipated refusal; the API answers it as `{"code": …, "detail": …}` with its status."""

    def __init__(self, status: int, code: str, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.extra = status, code, detail, extra


def register_error_handlers(api: NinjaAPI) -> None:
    """Give every error of the API the same shape."""

    def answer(request: HttpRequest, status: int, **facts: object) -> HttpResponse:
        return api.create_response(request, facts, status=status)

    @api.exception_handler(ApiError)
    def on_api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
        return answer(request, error.status, code=error.code, detail=error.detail, **error.extra)

    @api.exception_handler(AuthenticationError)
    def on_anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return answer_error(401)

    @api.exception_handler(PermissionDenied)
    def on_denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer_error(403)

    @api.exception_handler(Http404)
    def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer_error(404)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [{"field": ".".join(map(str, e["loc"])), "error": e["msg"]} for e in error.errors]
        detail = _("Please check the values you sent.")
        return answer(request, 422, code="invalid", detail=detail, fields=fields)

    @api.exception_handler(HttpError)
    def on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        """What django-ninja itself refuses to read: a body that is no JSON."""
        return answer_error(400)
