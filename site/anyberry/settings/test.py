"""Tests: real PostgreSQL and Redis, embedded ones unless the environment names others."""

import dj_database_url

from anyberry.engines import ensure_postgres, ensure_redis

from .base import *  # noqa: F403 -- settings are layered by import
from .base import DATABASE_OPTIONS, STORAGES, make_caches
from .environment import VAR_DIR, env

ENVIRONMENT = "test"
SECRET_KEY = "tests-only"  # noqa: S105 -- guards nothing
ALLOWED_HOSTS = ["*"]
TEST_DIR = VAR_DIR / "test"

DATABASE_URL = env.str("DATABASE_URL", "") or ensure_postgres(TEST_DIR / "postgres", durable=False)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL) | DATABASE_OPTIONS | {"CONN_MAX_AGE": 0}}

# A second name lets two test runs share one server without sharing a database.
DATABASES["default"]["TEST"] = {"NAME": f"test_anyberry{env.str('ANYBERRY_TEST_SUFFIX', '')}"}

REDIS_URL = env.str("REDIS_URL", "") or ensure_redis(TEST_DIR / "redis", durable=False)
CACHES = make_caches(REDIS_URL)
CACHES["default"]["KEY_PREFIX"] = f"anyberry-test{env.str('ANYBERRY_TEST_SUFFIX', '')}"
PAGE_CACHE_SECONDS = 0  # what a test changes behind the back of all signals is on the next page
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "anyberry-test"

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEV_MAIL_DIR = TEST_DIR / "mail"
MEDIA_ROOT = TEST_DIR / "media"
PRIVATE_ROOT = TEST_DIR / "private"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
QIWI_API_URL = "http://127.0.0.1:1"  # each test that needs the provider points this at its emulator
QIWI_SECRET_KEY = "test-merchant-secret-for-signature-check"  # noqa: S105 -- QIWI's published test vector
ACCOUNT_RATE_LIMITS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http on this machine
