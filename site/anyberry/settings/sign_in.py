"""Who people are and how they sign in: passwords, codes, other sites, programs."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from anyberry.settings.environment import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.ShopBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "accounts.passwords.ShopWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # for another e-mail address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # here; all other sessions end, as their keys hold the old one
ACCOUNT_CHANGE_EMAIL = True  # one address a person: a new one takes the place of the old once it is confirmed
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
HEADLESS_CLIENTS = ("app",)
# allauth needs to serve its description to write it; ours, /api/v1/openapi.json, holds both.
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None

# --- The second step: an app's codes, passkeys, codes on paper for when both are lost ---------
MFA_ADAPTER = "accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_TOTP_TOLERANCE = 1  # phones' clocks are wrong
# Whether staff get into the admin without a second step.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", False)

# --- Other sites that people may sign in through ------------------------------------------------
FILES = {"SBER_CERTIFICATE", "SBER_KEY"}


def make_way_in(**keys: str) -> dict[str, list[dict[str, Any]]]:
    """A provider for allauth, of its environment variables: absent without them.

    Raises ImproperlyConfigured where only some are set, or what is said to be a file is none.
    """
    missing = [name for name, value in keys.items() if not value]
    if len(missing) == len(keys):
        return {"APPS": []}
    lost = [name for name in FILES & keys.keys() if keys[name] and not Path(keys[name]).is_file()]
    if missing or lost:
        message = f"Signing in through other sites needs {', '.join(missing + lost)} (see docs/sign-in.md)"
        raise ImproperlyConfigured(message)
    client_id, secret, *files = keys.values()
    more = dict(zip(("certificate", "key"), files, strict=False))
    return {"APPS": [{"client_id": client_id, "secret": secret, "settings": more}]}


SOCIALACCOUNT_ADAPTER = "accounts.social.SocialAdapter"
# An address that the provider itself hands out opens the account it belongs to; see accounts/providers/.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "yandex": make_way_in(
        YANDEX_CLIENT_ID=env.str("YANDEX_CLIENT_ID", ""),
        YANDEX_CLIENT_SECRET=env.str("YANDEX_CLIENT_SECRET", ""),
    ),
    "vk": make_way_in(
        VK_CLIENT_ID=env.str("VK_CLIENT_ID", ""), VK_CLIENT_SECRET=env.str("VK_CLIENT_SECRET", "")
    ),
    "sber": make_way_in(
        SBER_CLIENT_ID=env.str("SBER_CLIENT_ID", ""),
        SBER_CLIENT_SECRET=env.str("SBER_CLIENT_SECRET", ""),
        SBER_CERTIFICATE=env.str("SBER_CERTIFICATE", ""),
        SBER_KEY=env.str("SBER_KEY", ""),
    ),
    # Off unless somebody who has read docs/sign-in.md gives it keys: 406-FZ.
    "google": make_way_in(
        GOOGLE_CLIENT_ID=env.str("GOOGLE_CLIENT_ID", ""),
        GOOGLE_CLIENT_SECRET=env.str("GOOGLE_CLIENT_SECRET", ""),
    ),
}
# Who vouches for Sber; empty: those whom the machine believes.
SBER_AUTHORITY = env.str("SBER_AUTHORITY", "")
