"""The way to another site and back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import get_next_url, send_to_way_in
from accounts.adapter import get_current_language
from accounts.social import find_way_in

LANGUAGE = "sign_in_language"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_to_sign_in(request: HttpRequest, provider: str) -> HttpResponse:
    """Who presses the button goes to the provider: to sign in, or to connect the account to theirs here.

    Only a POST leads on: nobody is to be signed in, or connected, by a link that somebody else made. And it
    does so by a page of its own, for a form that redirects to another site is stopped by our own policy.
    """
    way_in = find_way_in(request, provider)
    process = "connect" if "connect" in request.POST.getlist("process") else "login"
    if process == "connect" and not request.user.is_authenticated:
        return send_to_way_in(request, request.path)
    if request.method != "POST":
        return TemplateResponse(request, "socialaccount/login.html", {"provider": way_in})
    request.session[LANGUAGE] = get_current_language()
    response = way_in.redirect(request, process, next_url=get_next_url(request, default="") or None)
    context = {"provider": way_in, "address": response["Location"]}
    return TemplateResponse(request, "socialaccount/leave.html", context)


@never_cache
@require_http_methods(["GET"])
def come_back(request: HttpRequest, provider: str) -> HttpResponse:
    """The provider sends people back here, whatever came of it; the page speaks the language they left in."""
    way_in = find_way_in(request, provider)
    translation.activate(request.session.get(LANGUAGE, get_current_language()))
    request.LANGUAGE_CODE = translation.get_language()
    view = OAuth2CallbackView.adapter_view(way_in.oauth2_adapter_class)
    response: HttpResponse = view(request)
    return response
