"""Settings shared by every environment; what differs is in its siblings."""

from typing import Any

import dj_email_url
from django.utils.translation import gettext_lazy as _

from anyberry.settings.delivery import *  # noqa: F403 -- settings are layered by import
from anyberry.settings.environment import BASE_DIR, VAR_DIR, env
from anyberry.settings.notices import *  # noqa: F403 -- settings are layered by import
from anyberry.settings.schedule import SCHEDULE
from anyberry.settings.sign_in import *  # noqa: F403 -- settings are layered by import
from core.redis_health import get_connection_class

ENVIRONMENT = "base"
DEBUG = False
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = "Anyberry"

# --- Applications -----------------------------------------------------------
INSTALLED_APPS = [
    "anyberry.demo",
    "home",
    "search",
    "shop",
    "payments",
    "accounts",
    "core",
    "wagtail_localize",
    "wagtail_localize.locales",  # replaces wagtail.locales
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.AdminUsersConfig",  # wagtail.users with our forms
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "laces",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.page_cache.keep_pages",
    "core.middleware.content_security_policy",
    "core.kept.know_site",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.middleware.speak_api_language",
    "core.middleware.explain_refused_method",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.refuse_broken_input",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.tries.CountedTries",
    "accounts.sessions.note_visit",
    "accounts.staff_door.guard_admin",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "anyberry.urls"
WSGI_APPLICATION = "anyberry.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "core.context_processors.site",
                "home.context_processors.menus",
                "shop.cart.context_processors.cart",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------
DATABASE_OPTIONS = {
    "ENGINE": "core.postgres",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}


def make_caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """The cache on Redis; a Redis that is away makes pages slower, never broken.

    `fragments` are parts of pages that depend on nothing but what they are kept under, in each process.
    """
    return {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": redis_url,
            "OPTIONS": {
                "SOCKET_CONNECT_TIMEOUT": 1,
                "SOCKET_TIMEOUT": 1,
                "IGNORE_EXCEPTIONS": True,
                "CONNECTION_POOL_KWARGS": {"connection_class": get_connection_class(redis_url)},
            },
            "KEY_PREFIX": "anyberry",
        },
        "fragments": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "fragments",
            "OPTIONS": {"MAX_ENTRIES": 2000},  # some 3 kB each
        },
    }


DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
# How long a finished page may be answered to visitors without a session; 0: pages are always made anew.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", 30)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- Language, time, money ---------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False  # a translation is a draft until somebody publishes it
USE_TZ = True
TIME_ZONE = "Europe/Moscow"
USE_THOUSAND_SEPARATOR = False
CURRENCY = "RUB"

# --- Static files and media ---------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATICFILES_FINDERS = [
    "core.finders.BundleFinder",  # css/site.css and js/site.js, joined from one file per component
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
BUNDLE_ROOT = VAR_DIR / "bundles"
MEDIA_URL = env.str("MEDIA_URL", "/media/")
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"  # no web server hands these out, only views that ask who is calling
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor posts many fields

# --- Wagtail ---------------------------------------------------------------------
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
# Passwords and addresses change on our own pages alone, which count tries, confirm the new and tell the old.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # none to choose from: see accounts.receivers
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ru", "Русский"), ("en", "English")]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64_000_000
# Nothing that a browser would run.
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.images.ImageForm"
# A backend for each language, all others having the default one. A shop that outgrows PostgreSQL writes
# describe_backends("https://…") here, from search.analysis: see docs/search.md.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "search.backend", "SEARCH_CONFIG": "russian"},
    "en": {"BACKEND": "search.backend", "SEARCH_CONFIG": "english", "LANGUAGE": "en"},
}
TAGGIT_CASE_INSENSITIVE = True

# --- Celery ------------------------------------------------------------------------
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
}
CELERY_REDIS_SOCKET_TIMEOUT = 5
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 1
CELERY_RESULT_EXPIRES = 86_400
CELERY_RESULT_EXTENDED = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Payments --------------------------------------------------------------------------
PAYMENT_PROVIDER = env.str("PAYMENT_PROVIDER", "qiwi")
QIWI_API_URL = env.str("QIWI_API_URL", "")
QIWI_SECRET_KEY = env.str("QIWI_SECRET_KEY", "")
QIWI_SECRET_KEY_PREVIOUS = env.str("QIWI_SECRET_KEY_PREVIOUS", "")
QIWI_SITE_ID = env.str("QIWI_SITE_ID", "")
YOOKASSA_API_URL = env.str("YOOKASSA_API_URL", "https://api.yookassa.ru/v3")
YOOKASSA_SHOP_ID = env.str("YOOKASSA_SHOP_ID", "")
YOOKASSA_SECRET_KEY = env.str("YOOKASSA_SECRET_KEY", "")
# YooKassa signs nothing: where its notifications come from; empty: from the addresses it has published.
YOOKASSA_NOTIFY_NETWORKS: list[str] = env.list("YOOKASSA_NOTIFY_NETWORKS", [])
BILL_LIFETIME_MINUTES = env.int("BILL_LIFETIME_MINUTES", 60)

# --- Mail ---------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Anyberry <shop@anyberry.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who is told of money that does not match; the seller's own address where it is empty.
STAFF_EMAIL = env.str("STAFF_EMAIL", "")
EMAIL_TIMEOUT = 10


def read_mail_server(url: str) -> dict[str, Any]:
    """What an EMAIL_URL says; of what it doesn't say (a timeout: mail servers hang), our own word stays."""
    told = {name: value for name, value in dj_email_url.parse(url).items() if value is not None}
    if told.get("EMAIL_BACKEND") == "django.core.mail.backends.smtp.EmailBackend":
        told["EMAIL_BACKEND"] = "core.smtp.CarefulBackend"
    return told


# The newsletter keeps to this pace, as mail servers want it; 0: as fast as they take it.
NEWSLETTER_MAILS_PER_MINUTE = env.int("NEWSLETTER_MAILS_PER_MINUTE", 0)

# --- Safety -----------------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin previews pages in a frame of its own
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 86_400

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

PAYMENT_METHOD_LABELS = {"qiwi": _("QIWI wallet or card"), "yookassa": _("Bank card or SBP (YooKassa)")}
