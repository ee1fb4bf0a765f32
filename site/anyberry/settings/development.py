"""A developer's machine and `make demo`: engines of our own where none is named."""

import dj_database_url

from anyberry.engines import ensure_postgres, ensure_redis

from .base import *  # noqa: F403 -- settings are layered by import
from .base import DATABASE_OPTIONS, make_caches, read_mail_server
from .environment import VAR_DIR, env

ENVIRONMENT = "development"
DEBUG = env.bool("DEBUG", True)
SECRET_KEY = env.str("SECRET_KEY", "development-only-key-never-used-in-production")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])

DATABASE_URL = env.str("DATABASE_URL", "") or ensure_postgres(VAR_DIR / "postgres")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL) | DATABASE_OPTIONS}

REDIS_URL = env.str("REDIS_URL", "") or ensure_redis(VAR_DIR / "redis")
CACHES = make_caches(REDIS_URL)
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS_URL

# Mail lands in a folder that /dev/mail/ reads, whichever process sent it.
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(read_mail_server(EMAIL_URL))
else:
    EMAIL_BACKEND = "core.devmail.FolderBackend"
DEV_MAIL_DIR = VAR_DIR / "mail"

QIWI_API_URL = env.str("QIWI_API_URL", "http://127.0.0.1:8001")
QIWI_SECRET_KEY = env.str("QIWI_SECRET_KEY", "development-only-secret")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
INTERNAL_IPS = ["127.0.0.1"]
# Without a collectstatic before it, the demo serves static files from where they are.
WHITENOISE_USE_FINDERS = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http on this machine
