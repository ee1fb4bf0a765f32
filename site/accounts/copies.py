"""A copy of all that the shop keeps of somebody, as a file for them; here is what accounts keep."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.registry import register_copier, registry
from accounts.services import ADDRESS_FIELDS

CONSENT_NAMES = ("document", "version", "given_at", "ip_address", "withdrawn_at")


def build_copy(user: User) -> dict[str, Any]:
    """All that the parts of the shop keep of the user, each under its name. Times are ISO 8601."""
    parts = {name: copy(user) for name, copy in registry.copiers.items()}
    return {"made_at": timezone.now(), **parts}


def list_values(rows: models.QuerySet[Any], names: Iterable[str]) -> list[dict[str, Any]]:
    """The rows' values under these names."""
    return list(rows.values(*names))


def copy_profile(user: User) -> dict[str, Any]:
    """Who they are."""
    names = ("email", "name", "phone", "language", "date_joined", "last_login")
    emails = EmailAddress.objects.filter(user=user)
    return {
        **{name: getattr(user, name) for name in names},
        "emails": list_values(emails, ("email", "verified", "primary")),
    }


def copy_addresses(user: User) -> list[dict[str, Any]]:
    """Their address book."""
    return list_values(user.addresses.all(), (*ADDRESS_FIELDS, "is_default", "created_at"))


def copy_consents(user: User) -> list[dict[str, Any]]:
    """What they agreed to."""
    return list_values(user.consents.all(), CONSENT_NAMES)


def copy_sessions(user: User) -> list[dict[str, Any]]:
    """Where they are signed in; without the keys, which would open the door."""
    sessions = UserSession.objects.filter(user=user)
    return list_values(sessions, ("ip", "user_agent", "created_at", "last_seen_at"))


def copy_second_steps(user: User) -> list[dict[str, Any]]:
    """How they sign in beside the password; without the secrets."""
    return list_values(Authenticator.objects.filter(user=user), ("type", "created_at", "last_used_at"))


register_copier("profile", copy_profile)
register_copier("addresses", copy_addresses)
register_copier("consents", copy_consents)
register_copier("sessions", copy_sessions)
register_copier("second_step", copy_second_steps)
