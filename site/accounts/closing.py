"""Closing an account: who it was is forgotten, what was sold stays on the books."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.emails import post_letter
from accounts.models import User
from accounts.registry import registry
from accounts.sessions import end_sessions
from core.models import Mail

# Nobody receives mail there (RFC 2606).
NOBODYS_DOMAIN = "closed.invalid"


class CannotClose(Exception):
    """Something stands against it, as `reasons` say; nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def list_objections(user: User) -> list[str]:
    """What has to be settled before the account can be closed, in sentences."""
    said = [sentence for object_to in registry.objectors for sentence in object_to(user)]
    if user.is_staff or user.is_superuser:
        said.append(_("This is an account of our staff: an owner has to close it."))
    return said


def refuse_open(user: User) -> None:
    """Raise CannotClose where something stands against it."""
    reasons = list_objections(user)
    if reasons:
        raise CannotClose(reasons)


@transaction.atomic
def close_account(*, user: User) -> None:
    """Forget who the user is and sign them out everywhere; the address may register again.

    Raises CannotClose. Orders and bills stay, under a name that says nothing.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    refuse_open(locked)
    for erase in registry.erasers:
        erase(locked)
    refuse_open(locked)  # once more: an order may have been placed while the cart was not ours
    locked.addresses.all().delete()
    locked.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    locked.consents.update(ip_address=None)
    EmailAddress.objects.filter(user=locked).delete()
    Authenticator.objects.filter(user=locked).delete()
    locked.groups.clear()
    Mail.objects.filter(to__iexact=locked.email).delete()
    post_letter(kind="account_closed", to=locked.email, language=locked.language, context={})
    forget_name(locked)
    transaction.on_commit(lambda: end_sessions(user=locked))


def forget_name(user: User) -> None:
    """Leave a row that says nothing about anybody and lets nobody in."""
    user.email = f"{user.pk}@{NOBODYS_DOMAIN}"
    user.name = user.phone = ""
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "phone", "is_active", "password"])
