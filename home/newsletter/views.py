"""The newsletter for its readers: the archive, subscribing, confirming, leaving."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clients import get_ip_address
from accounts.models import User
from core.languages import get_active_language
from core.limits import is_too_often
from core.views import show_error
from home.newsletter import services
from home.newsletter.archive import find_sending, list_sent_issues
from home.newsletter.content import build_pieces
from home.newsletter.emails import UNSUBSCRIBE_MARK, freeze_letter
from home.newsletter.forms import SubscribeForm
from home.newsletter.links import read_confirm_token, read_unsubscribe_token
from home.newsletter.models import NewsletterIndexPage, NewsletterPage, Subscriber
from home.pages.trail import build_trail

INVALID, TOO_OFTEN, GONE = 422, 429, 410
ISSUES_A_PAGE = 12
# Requests for letters from one address of the network, in so many seconds.
MOST_REQUESTS, WINDOW_SECONDS = 10, 600
SESSION_KEY = "newsletter_email"
# Mail programs know inline styles and no scripts; the plain text is shown with a stylesheet of ours.
LETTER_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)


# --- The archive ----------------------------------------------------------------------


@require_safe
def show_newsletter(request: HttpRequest) -> HttpResponse:
    """The archive, wherever its page stands; the form alone while there is no such page."""
    pages = NewsletterIndexPage.objects.live().filter(locale__language_code=get_active_language())
    page = pages.first()
    if page is None:
        return TemplateResponse(
            request, "home/newsletter/subscribe.html", {"newsletter_form": make_form(request)}
        )
    url = page.get_url(request)
    if url and url != request.path:
        return redirect(url)
    response: HttpResponse = page.serve(request)
    return response


def show_archive(request: HttpRequest, page: NewsletterIndexPage) -> TemplateResponse:
    """The issues that were sent, newest first; a page number that is none shows the nearest."""
    issues = list_sent_issues(page.locale.language_code)
    page_obj = Paginator(issues, ISSUES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_obj": page_obj,
        "issues": [(issue, issue.get_url(request)) for issue in page_obj],
        "newsletter_form": make_form(request),
        "trail": build_trail(page, request),
    }
    return TemplateResponse(request, "home/newsletter/archive.html", context)


def show_issue(request: HttpRequest, page: NewsletterPage) -> TemplateResponse:
    """One issue on the web, with prices and seasons as they were when it was sent."""
    sent_at, facts = find_sending(page.translation_key, page.locale.language_code)
    context = {
        "page": page,
        "pieces": build_pieces(page, facts),
        "sent_at": sent_at,
        "trail": build_trail(page, request),
    }
    return TemplateResponse(request, "home/newsletter/issue.html", context)


def show_letter_preview(page: NewsletterPage, mode: str) -> HttpResponse:
    """The draft as mail, for the editor's eyes. Its link to unsubscribe leads nowhere."""
    letter = freeze_letter(page)
    html = letter.html
    if mode == "text":
        html = str(render_to_string("home/newsletter/text_preview.html", {"page": page, "letter": letter}))
    return HttpResponse(
        html.replace(UNSUBSCRIBE_MARK, "#"), headers={"Content-Security-Policy": LETTER_POLICY}
    )


# --- Subscribing ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def show_subscribe(request: HttpRequest) -> HttpResponse:
    """The form, and its answer, which is the same for every address."""
    form = make_form(request)
    if request.method == "POST":
        form = SubscribeForm(request.POST)
        if form.is_valid():
            if not form.is_robot:
                return ask_to_confirm(request, form.cleaned_data["email"])
            return redirect("home:newsletter-sent")
    context = {"newsletter_form": form}
    status = INVALID if form.is_bound else None
    return TemplateResponse(request, "home/newsletter/subscribe.html", context, status=status)


@require_safe
@never_cache
def show_sent(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox."""
    context = {"email": request.session.get(SESSION_KEY, "")}
    return TemplateResponse(request, "home/newsletter/sent.html", context)


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Write once more to the address entered last, unless that was a moment ago."""
    email = request.session.get(SESSION_KEY)
    if not email:
        return redirect("home:newsletter-subscribe")
    return ask_to_confirm(request, email)


def ask_to_confirm(request: HttpRequest, email: str) -> HttpResponse:
    """Have a letter sent to the address, and say so whether one was or not."""
    ip_address = get_ip_address(request)
    if is_too_often("newsletter", ip_address, most=MOST_REQUESTS, seconds=WINDOW_SECONDS):
        response = show_error(request, TOO_OFTEN)
        response["Retry-After"] = str(WINDOW_SECONDS)
        return response
    services.subscribe(email=email, language=get_active_language(), ip_address=ip_address)
    request.session[SESSION_KEY] = email
    return redirect("home:newsletter-sent")


def make_form(request: HttpRequest) -> SubscribeForm:
    """An empty form; the address of those who are signed in is filled in."""
    user = request.user
    return SubscribeForm(initial={"email": user.email} if isinstance(user, User) else None)


# --- Links of letters ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button that confirms. Programs that look into links before their reader does confirm nothing."""
    key = read_confirm_token(token)
    subscriber = Subscriber.objects.filter(key=key).first() if key else None
    if request.method == "POST" and key and subscriber:
        subscriber = services.confirm(key=key, ip_address=get_ip_address(request))
        state = "confirmed" if subscriber else "gone"
    else:
        is_open = subscriber and subscriber.status in {"pending", "active"}
        state = "ask" if is_open else "gone"
    context = {"state": state, "email": subscriber.email if subscriber else ""}
    return answer_link(request, "home/newsletter/confirm.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A button that unsubscribes. A POST is enough, of a mail program too (RFC 8058); a GET does nothing."""
    ticket = read_unsubscribe_token(token)
    subscriber = Subscriber.objects.filter(key=ticket.key).first() if ticket else None
    state = "ask" if subscriber else "gone"
    if request.method == "POST" and ticket and subscriber:
        services.unsubscribe(ticket=ticket)
        state = "done"
    elif subscriber and subscriber.status in {"unsubscribed", "suppressed"}:
        state = "done"
    context = {"state": state, "email": mask_email(subscriber.email) if subscriber else ""}
    return answer_link(request, "home/newsletter/unsubscribe.html", context)


def answer_link(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a link: 410 where the link is good for nothing any more."""
    status = GONE if context["state"] == "gone" else None
    return TemplateResponse(request, template, context, status=status)


def mask_email(email: str) -> str:
    """The address as its owner knows it again and nobody else learns it: letters get forwarded."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"
