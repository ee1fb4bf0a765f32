"""What every part of the JSON API shares: errors in the request's language, one shape."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError


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

    def answer(request: HttpRequest, status: int, code: str, detail: str, **extra: object) -> HttpResponse:
        return api.create_response(request, {"code": code, "detail": detail, **extra}, status=status)

    @api.exception_handler(ApiError)
    def on_api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
        return answer(request, error.status, error.code, error.detail, **error.extra)

    @api.exception_handler(AuthenticationError)
    def on_anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return answer(request, 401, "not_authenticated", _("Please sign in."))

    @api.exception_handler(PermissionDenied)
    def on_denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer(request, 403, "permission_denied", _("You may not do this."))

    @api.exception_handler(Http404)
    def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not_found", _("There is no such thing here."))

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [{"field": ".".join(map(str, e["loc"])), "error": e["msg"]} for e in error.errors]
        return answer(request, 422, "invalid", _("Please check the values you sent."), fields=fields)

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        code = "malformed" if error.status_code == 400 else "error"  # noqa: PLR2004 -- an HTTP status
        return answer(request, error.status_code, code, _("The request could not be read."))
