"""Every address of the site. Russian pages stand at the root, English ones under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import Http404
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.admin_account import show_account
from accounts.api_auth import MISSING_CALLS, answer_missing
from accounts.social_views import come_back
from anyberry.api import api
from core import crawlers, mail_views
from core import views as core_views
from core.routing import serve_page
from home.pages.sitemaps import show_sitemap
from shop.catalog.yml import show_yml

urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("favicon.ico", crawlers.show_favicon, name="favicon"),
    path(".well-known/security.txt", crawlers.show_security, name="security"),
    path(".well-known/change-password", crawlers.change_password, name="change-password"),
    path("yml.xml", show_yml, name="yml"),
    path("sitemap.xml", show_sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", show_sitemap, name="sitemap-file"),
    path("api/v1/", api.urls),
    # What allauth offers to programs, but for what there is nothing behind here.
    *(path(f"api/auth/app/v1/{call}", answer_missing, name="no-call") for call in MISSING_CALLS),
    path("api/auth/", include("allauth.headless.urls")),
    path("api/<path:call>/", core_views.refuse_unknown_call, name="unknown-call"),
    # Without a language: providers know one address to send people back to.
    path("account/back/<slug:provider>/", come_back, name="sign-in-back"),
    # Wagtail's own sign-in form would go round ours and its limits.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Wagtail's way to see its error page: a 500 that anybody of the staff could ring for.
    path(
        "admin/failwhale/",
        core_views.page_not_found,
        {"exception": Http404()},
        name="wagtailadmin_error_test",
    ),
    path("admin/account/", show_account, name="wagtailadmin_account"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.ENVIRONMENT != "production":
    urlpatterns += [
        path("dev/mail/", core_views.list_mail, name="dev-mail"),
        path("dev/mails/", mail_views.list_mails, name="dev-mails"),
        path("dev/mails/<path:name>/body/", mail_views.show_body, name="dev-mail-body"),
        path("dev/mails/<path:name>/", mail_views.show_mail, name="dev-mail-sample"),
        path("styleguide/", core_views.styleguide, name="styleguide"),
        re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    ]

urlpatterns += i18n_patterns(
    path("account/", include("allauth.account.urls")),
    # Wagtail's door to private pages counts no tries and asks for no second step.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/connections/", include("allauth.socialaccount.urls")),
    path("account/", include("accounts.urls")),
    path("manifest.webmanifest", crawlers.show_manifest, name="manifest"),
    path("search/", include("search.urls")),
    path("", include("shop.urls")),
    path("", include("home.urls")),
    re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

handler429 = "accounts.tries.show_too_many"  # allauth asks for it
handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
