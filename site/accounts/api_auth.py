"""Who calls the API: a browser's session (with CSRF), or a program's session token."""

from typing import cast

from allauth.headless.contrib.ninja.security import x_session_token_auth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import SessionAuth

from accounts.models import User
from accounts.services import has_verified_email
from core.api import ApiError


class BrowserSession(SessionAuth):
    """A browser's session, with the CSRF token where something changes.

    Nobody can be tricked into a call who is not signed in: they are asked to sign in, and not for a token.
    """

    def __call__(self, request: HttpRequest) -> User | None:
        if not request.user.is_authenticated:
            return None
        try:
            return cast("User | None", super().__call__(request))
        except HttpError as error:
            detail = _("Send the CSRF token in X-CSRFToken; a program signs in with X-Session-Token instead.")
            raise ApiError(403, "csrf_failed", detail) from error


# The token comes first: a program sends no cookie, and no CSRF check may stop it.
signed_in = [x_session_token_auth, BrowserSession()]

# Nobody signs in by phone; programs get no token but their session's, and are not sent elsewhere by forms.
MISSING_CALLS = (
    "account/phone",
    "auth/phone/verify",
    "auth/phone/verify/resend",
    "auth/provider/redirect",
    "tokens/refresh",
)


def answer_missing(request: HttpRequest) -> HttpResponse:
    """404, as allauth's calls say it."""
    return JsonResponse({"status": 404}, status=404)


def get_user(request: HttpRequest) -> User:
    """The signed-in user of the call."""
    return cast("User", getattr(request, "auth", None) or request.user)


def get_verified_user(request: HttpRequest) -> User:
    """The signed-in user, whose address is confirmed. Raises ApiError 403 `email_not_verified`."""
    user = get_user(request)
    if not has_verified_email(user):
        raise ApiError(403, "email_not_verified", _("Please confirm your e-mail address first."))
    return user
