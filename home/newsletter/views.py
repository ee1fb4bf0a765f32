"""The newsletter, which is about to start. Until then no address is stored, and the page says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from home.newsletter.forms import SubscribeForm

INVALID = 422


@require_safe
def show_newsletter(request: HttpRequest) -> HttpResponse:
    """What the newsletter will be; `?thanks` is where the form leads."""
    context = {"newsletter_form": SubscribeForm(), "is_answer": "thanks" in request.GET}
    return TemplateResponse(request, "home/newsletter.html", context)


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Say honestly that there is nothing to subscribe to yet; the address is checked, and forgotten."""
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        context = {"newsletter_form": form, "is_answer": False}
        return TemplateResponse(request, "home/newsletter.html", context, status=INVALID)
    response = redirect("home:newsletter")
    response["Location"] += "?thanks"
    return response
