"""Where somebody is signed in, and how strong a password would be."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_user
from accounts.clients import get_ip_address
from accounts.models import User
from accounts.passwords import estimate_strength
from accounts.sessions import end_session, end_sessions, list_visits
from core.limits import is_too_often

MOST_ESTIMATES, ESTIMATE_SECONDS = 60, 60
# No password is that long; estimating it would only be work.
LONGEST_PASSWORD = 4096


@never_cache
@login_required
@require_safe
def list_sessions(request: HttpRequest) -> HttpResponse:
    """All places where the user is signed in."""
    visits = list_visits(user=get_user(request), current=request.session.session_key)
    return TemplateResponse(request, "accounts/sessions.html", {"visits": visits})


@require_POST
@login_required
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign the user out in one place."""
    if not end_session(user=get_user(request), session_id=session_id):
        raise Http404
    messages.success(request, _("You are signed out there."))
    return redirect("account:sessions")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign the user out everywhere but here."""
    number = end_sessions(user=get_user(request), but=request.session.session_key)
    told = ngettext("You are signed out in %(n)s place.", "You are signed out in %(n)s places.", number)
    messages.success(request, told % {"n": number} if number else _("You were signed in nowhere else."))
    return redirect("account:sessions")


@never_cache
@require_POST
@sensitive_post_parameters()
def show_strength(request: HttpRequest) -> HttpResponse:
    """How strong the password in the form would be: advice beside the field, stored nowhere."""
    if is_too_often("strength", get_ip_address(request), most=MOST_ESTIMATES, seconds=ESTIMATE_SECONDS):
        response = HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(ESTIMATE_SECONDS)
        return response
    password = request.POST.get("password1", "")[:LONGEST_PASSWORD]
    user = request.user if isinstance(request.user, User) else User(email=request.POST.get("email", "")[:254])
    strength = estimate_strength(password=password, user=user) if password else None
    return TemplateResponse(request, "accounts/_strength.html", {"strength": strength})
