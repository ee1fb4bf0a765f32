"""The switch for the newsletter on the account's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import get_user, send_to_way_in
from accounts.clients import get_ip_address
from accounts.models import User
from accounts.services import has_verified_email
from home.newsletter.personal import switch_off, switch_on


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Begin or stop sending the newsletter to the user's own address."""
    user = get_user(request)
    if request.POST.get("wanted") != "on":
        switch_off(user=user)
        messages.success(request, _("The newsletter no longer goes to you."))
        return redirect("account:profile")
    if not has_verified_email(user):
        return send_to_way_in(request, "/")
    begin(request, user)
    return redirect("account:profile")


def begin(request: HttpRequest, user: User) -> None:
    """Send it from now on, and say so."""
    if switch_on(user=user, ip_address=get_ip_address(request)):
        messages.success(request, _("The newsletter goes to %(email)s from now on.") % {"email": user.email})
    else:
        messages.error(request, _("Letters to this address were reported as spam. Please write to us."))
