"""What allauth asks us about the second step of signing in."""

import base64
import hashlib
import logging
import secrets
import struct
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from accounts.models import User

logger = logging.getLogger(__name__)


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted; the shop has a name of its own in apps and on keys."""

    def encrypt(self, text: str) -> str:
        """The secret as the database keeps it: worthless without SECRET_KEY."""
        return make_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again, with a key of before as well.

        Where the key it was kept with is lost, it is one that nobody knows: every code is wrong then.
        """
        try:
            return make_cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.exception("A second step was kept with a key that SECRET_KEY_FALLBACKS does not have")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """What apps call us."""
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who we are to a passkey."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 -- allauth's signature
        """A name for a new passkey, to be changed."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}


def check_new_key(answer: Any) -> None:
    """Raise ValidationError for what is no answer of a new passkey."""
    read_answer(RegistrationResponse, answer)


def check_known_key(answer: Any) -> None:
    """Raise ValidationError for what is no answer of a passkey that is asked to sign."""
    read_answer(AuthenticationResponse, answer)


def read_answer(kind: type[RegistrationResponse] | type[AuthenticationResponse], answer: Any) -> None:
    """Read the answer of a key, which anybody may have written; raises ValidationError."""
    try:
        kind.from_dict(answer)
    except (ValueError, TypeError, LookupError, AttributeError, struct.error) as error:
        raise ValidationError(_("This is no passkey we can read."), code="passkey") from error


def make_cipher() -> MultiFernet:
    """Encrypts with today's SECRET_KEY, reads what was encrypted with one of before."""
    return MultiFernet(
        [Fernet(derive_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def derive_key(secret: str | bytes) -> bytes:
    """A key for this purpose alone."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"accounts.second_step:" + force_bytes(secret)).digest())
