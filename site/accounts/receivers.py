"""What accounts do when others tell them news."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from accounts.registry import register_copier, register_farewell
from accounts.second_step import check_known_key, check_new_key
from accounts.sessions import NOTED
from accounts.social import copy_connections, forget_connections
from accounts.takeover import drop_strange_keys

register_copier("connections", copy_connections)
register_farewell(erase=forget_connections)


@receiver(user_logged_in, dispatch_uid="accounts.note_sign_in")
def note_sign_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Signing in is a visit, which allauth writes down itself."""
    request.session[NOTED] = timezone.now().timestamp()


@receiver(email_confirmed, dispatch_uid="accounts.lock_out_strangers")
def lock_out_strangers(sender: Any, request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """Who confirms an address keeps the account for themselves, whoever registered it."""
    if drop_strange_keys(request, email_address):
        messages.warning(
            request,
            _(
                "A password had been chosen before this address was confirmed. "
                "It is no longer valid: please choose a new one in your account."
            ),
        )


# allauth trips over answers that are whole but senseless. Its pages and its API share these fields.
AddWebAuthnForm.base_fields["credential"].validators.append(check_new_key)
AuthenticateWebAuthnForm.base_fields["credential"].validators.append(check_known_key)

# Days are the shop's, wherever its staff are. Wagtail would turn "today" in the admin into that of the zone
# in a profile, and packing lists and closures with it.
UserProfile.get_current_time_zone = lambda _profile: settings.TIME_ZONE
