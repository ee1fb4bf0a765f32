"""The developer's pages about mail: every mail the shop can send, as it will look."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.mail import get_html
from core.mailbook import find_sample, list_samples
from core.middleware import STOREFRONT_POLICY
from core.views import LETTER_POLICY

LIGHT, DARK, TEXT = "light", "dark", "text"
SHOWN = (LIGHT, DARK, TEXT)


@require_safe
@never_cache
def list_mails(request: HttpRequest) -> HttpResponse:
    """The catalog of mails."""
    return TemplateResponse(request, "dev/mails.html", {"samples": list_samples()})


@require_safe
@never_cache
def show_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail with sample words: `?lang=en`, `?show=dark` or `text`."""
    sample = find_sample(name)
    if sample is None:
        raise Http404
    language, show = read_choice(request)
    message = sample.build(language)
    context = {
        "sample": sample,
        "message": message,
        "language": language,
        "show": show,
        "languages": settings.LANGUAGES,
        "ways": SHOWN,
    }
    response = TemplateResponse(request, "dev/mail_sample.html", context)
    response.headers["Content-Security-Policy"] = f"{STOREFRONT_POLICY}; frame-src 'self'"
    return response


@require_safe
@never_cache
@xframe_options_sameorigin
def show_body(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a sample alone, locked up, for the frame that the page shows it in."""
    sample = find_sample(name)
    if sample is None:
        raise Http404
    language, show = read_choice(request)
    html = get_html(sample.build(language))
    body = FORCED[show](html) if show in FORCED else html
    return HttpResponse(body, headers={"Content-Security-Policy": LETTER_POLICY})


def read_choice(request: HttpRequest) -> tuple[str, str]:
    """Language and way of showing that were asked for, or the usual ones."""
    language, show = request.GET.get("lang"), request.GET.get("show")
    known = dict(settings.LANGUAGES)
    return (language if language in known else settings.LANGUAGE_CODE), (show if show in SHOWN else LIGHT)


def force_dark(html: str) -> str:
    """The mail as a mailbox in dark mode shows it, whatever the viewer's own is."""
    return html.replace("(prefers-color-scheme: dark)", "all").replace("light dark", "dark")


def force_light(html: str) -> str:
    """The mail as a mailbox in light mode shows it."""
    return html.replace("(prefers-color-scheme: dark)", "not all").replace("light dark", "light")


FORCED: dict[str, Callable[[str], str]] = {LIGHT: force_light, DARK: force_dark}
