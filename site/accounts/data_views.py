"""What the shop keeps of somebody: what they agreed to, a copy of it all, and the end of the account."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import get_user
from accounts.closing import CannotClose, close_account, list_objections
from accounts.copies import build_copy
from accounts.forms import ClosingForm
from accounts.identity import ask_again
from accounts.models import Consent
from accounts.services import withdraw_consent
from accounts.tries import refuse_too_often
from core.limits import is_too_often

MOST_COPIES, COPY_SECONDS = 5, 3600


@never_cache
@login_required
@require_safe
def show_data(request: HttpRequest) -> HttpResponse:
    """What the user agreed to, and the ways to a copy and out."""
    return TemplateResponse(request, "accounts/data.html", {"consents": get_user(request).consents.all()})


@require_POST
@login_required
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Take a consent back; the next order asks for it again."""
    consent = get_object_or_404(Consent, pk=consent_id, user=get_user(request))
    if withdraw_consent(consent=consent):
        messages.success(request, _("Your consent is withdrawn. The next order will ask for it again."))
    else:
        messages.error(request, _("This one can't be withdrawn: your orders were placed under it."))
    return redirect("account:data")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@ask_again
def copy_data(request: HttpRequest) -> HttpResponse:
    """All that we keep of the user, as a file of JSON; who looks sees the button first."""
    if request.method != "POST":
        return TemplateResponse(request, "accounts/copy.html")
    user = get_user(request)
    if is_too_often("copy", user.pk, most=MOST_COPIES, seconds=COPY_SECONDS):
        return refuse_too_often(request, seconds=COPY_SECONDS)
    response = JsonResponse(build_copy(user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"anyberry-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@ask_again
def close(request: HttpRequest) -> HttpResponse:
    """Close the account: what that means, what stands against it, and the button."""
    user = get_user(request)
    form = ClosingForm(request.POST or None)
    reasons: list[str] = list_objections(user)
    if request.method != "POST":
        return show_closing(request, form, reasons)
    if not form.is_valid():
        return show_closing(request, form, reasons, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        close_account(user=user)
    except CannotClose as refusal:
        return show_closing(request, form, refusal.reasons, HTTPStatus.CONFLICT)
    logout(request)
    messages.success(request, _("Your account is closed. Thank you for having been with us."))
    return redirect("/")


def show_closing(
    request: HttpRequest, form: ClosingForm, reasons: list[str], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The page before the end."""
    context = {"form": form, "reasons": reasons}
    return TemplateResponse(request, "accounts/close.html", context, status=status)
