"""The door of what only staff may see, where they need a second step: who has none is led to set one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User

ADMIN_PREFIXES = ("/admin/", "/documents/")


def guard_admin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: with STAFF_MFA_REQUIRED nobody gets into the admin without a second step."""

    def guard(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMIN_PREFIXES) and lacks_second_step(request.user):
            return lead_to_second_step(request)
        return get_response(request)

    return guard


def lacks_second_step(user: User | AnonymousUser) -> bool:
    """Whether this is somebody whose rights as staff have to wait for a second step.

    Pages outside the admin that open by such a right ask this, too.
    """
    return settings.STAFF_MFA_REQUIRED and isinstance(user, User) and not is_mfa_enabled(user)


def lead_to_second_step(request: HttpRequest) -> HttpResponse:
    """To where a second step is set up, with a word why."""
    told = _("Staff sign in with a second step. Set one up, and the staff pages open to you.")
    messages.warning(request, told)
    return redirect("mfa_index")
