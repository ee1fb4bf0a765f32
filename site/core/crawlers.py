"""What programs ask a site for: robots, browsers that look for an icon, people who found a hole."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.languages import get_active_language
from core.seller import get_seller

PRIVATE = (
    "/cart/",
    "/checkout/",
    "/account/",
    "/orders/",
    "/favorites/",
    "/reviews/",
    "/pay/",
    "/search/",
)
CLOSED = ("/api/", "/admin/", "/documents/")
DAY_SECONDS = 86_400
SECURITY_TXT_DAYS = 180
# Campaign tags that change nothing on a page.
TAGS = "utm_source&utm_medium&utm_campaign&utm_content&utm_term&yclid&gclid&untranslated"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read; everything is closed outside production."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in list_closed())]
    if settings.ENVIRONMENT == "production":
        lines.append(f"Clean-param: {TAGS}")
    lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def list_closed() -> list[str]:
    """The paths no crawler should ask for, in both languages."""
    if settings.ENVIRONMENT != "production":
        return ["/"]
    translated = [f"/{code}{path}" for code, _name in settings.LANGUAGES[1:] for path in PRIVATE]
    return [*CLOSED, *PRIVATE, *translated]


@require_safe
@cache_control(public=True, max_age=DAY_SECONDS)
def show_favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look without having been told."""
    return redirect(static("img/favicon.ico"))


@require_safe
@cache_control(public=True, max_age=DAY_SECONDS)
def show_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the shop on its home screen, in the language of the address."""
    home = reverse("wagtail_serve", args=[""])
    icons = [(f"img/icon-{size}.png", f"{size}x{size}", "image/png") for size in (192, 512)]
    shortcuts = [(_("Cart"), reverse("shop:cart")), (_("My orders"), reverse("shop:order-list"))]
    manifest = {
        "id": home,
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": _("Fresh berries, delivered"),
        "lang": get_active_language(),
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            *(
                {"src": static(name), "sizes": sizes, "type": kind, "purpose": purpose}
                for name, sizes, kind in icons
                for purpose in ("any", "maskable")
            ),
            {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [{"name": str(name), "url": url} for name, url in shortcuts],
    }
    return JsonResponse(
        manifest, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json"
    )


@require_safe
def show_security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=SECURITY_TXT_DAYS)).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{get_seller().email or settings.SERVER_EMAIL}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: ru, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers send people to."""
    return redirect("account_change_password")
