"""Asking somebody who is signed in whether it is really them, before what can't be taken back."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import get_user

View = Callable[[HttpRequest], HttpResponse]


def ask_again(view: View) -> View:
    """Let in who has just given their password or code; others are asked, and brought back afterwards.

    Who has neither a password nor a second step signs in once more, by a code that goes to their address.
    """

    @wraps(view)
    def ask(request: HttpRequest) -> HttpResponse:
        if get_reauthentication_flows(get_user(request)):
            if not did_recently_reauthenticate(request):
                raise ReauthenticationRequired
            return view(request)
        if signed_in_recently(request):
            return view(request)
        return send_to_code(request)

    return ask


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the user signed in a few minutes ago."""
    records = get_authentication_records(request, get_user(request))
    return bool(records) and time.time() - records[-1]["at"] < REAUTHENTICATION_TIMEOUT


def send_to_code(request: HttpRequest) -> HttpResponse:
    """Sign the user out, and let them in again by a code."""
    back = request.get_full_path()
    logout(request)
    messages.info(request, _("Please sign in once more: we have to be sure that it is you."))
    return redirect(f"{reverse('account_request_login_code')}?{urlencode({'next': back})}")
