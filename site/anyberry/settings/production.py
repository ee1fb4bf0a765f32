"""Production: nothing is guessed; a missing variable stops the start with its name."""

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 -- settings are layered by import
from .base import (
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASE_OPTIONS,
    STORAGES,
    make_caches,
    read_mail_server,
)
from .environment import env

REQUIRED = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"]
missing = [name for name in REQUIRED if not env.str(name, "")]
if missing:
    message = f"Set these environment variables (see .env.example): {', '.join(missing)}"
    raise ImproperlyConfigured(message)

ENVIRONMENT = "production"
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]

DATABASES = {"default": dj_database_url.parse(env.str("DATABASE_URL")) | DATABASE_OPTIONS}
REDIS_URL = env.str("REDIS_URL")
CACHES = make_caches(REDIS_URL)
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"max_retries": 3}

vars().update(read_mail_server(env.str("EMAIL_URL", "smtp://localhost:25")))

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Wagtail shows previews in a frame of the same origin, so X-Frame-Options is SAMEORIGIN and not DENY.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, traces_sample_rate=0.0)
