"""The admin's door where staff need a second step: who has none is led to where one is set up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User

ADMIN_PREFIXES = ("/admin/", "/documents/")


def guard_admin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: with STAFF_MFA_REQUIRED nobody gets into the admin without a second step."""

    def guard(request: HttpRequest) -> HttpResponse:
        if not lacks_second_step(request):
            return get_response(request)
        messages.warning(
            request, _("Staff sign in with a second step. Set one up, and the admin opens to you.")
        )
        return redirect("mfa_index")

    return guard


def lacks_second_step(request: HttpRequest) -> bool:
    """Whether somebody is at the admin's door who has to set up a second step first."""
    if not settings.STAFF_MFA_REQUIRED or not request.path.startswith(ADMIN_PREFIXES):
        return False
    return isinstance(request.user, User) and not is_mfa_enabled(request.user)
