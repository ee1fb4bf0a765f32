"""The account's first page, and the page that explains why an address has to be confirmed."""

from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import get_next_url, get_user
from accounts.forms import ProfileForm
from accounts.registry import describe_panels
from accounts.services import has_verified_email


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_profile(request: HttpRequest) -> HttpResponse:
    """The account: name, phone, language, and the ways to all the rest."""
    user = get_user(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account:profile")
    context = {
        "form": form,
        "address": user.addresses.filter(is_default=True).first(),
        "panels": describe_panels(request, user),
    }
    return TemplateResponse(request, "accounts/profile.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest) -> HttpResponse:
    """Why the address has to be confirmed; the button sends a code and leads to where it is entered."""
    user = get_user(request)
    back = get_next_url(request, default=reverse("account:profile"))
    if has_verified_email(user):
        return redirect(back)
    if request.method == "POST":
        send_verification_email_for_user(request, user)
        return redirect(f"{reverse('account_email_verification_sent')}?{urlencode({'next': back})}")
    return TemplateResponse(request, "accounts/confirm.html", {"next": back})
