"""Nobody waits inside an account for its owner.

Somebody can register an address that is not theirs, with a password or through another site. They can't
sign in before the address is confirmed. But its owner confirms it one day, by a code or a new password, and
is in that account then. So the first confirmation throws out every key that was not shown by who confirms.
"""

from allauth.account.internal.constants import LoginStageKey
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest

from accounts.models import User


def drop_strange_keys(request: HttpRequest, address: EmailAddress) -> bool:
    """Take away what may be somebody else's, when the first address of an account is confirmed.

    True where a password was taken away, which its owner has to be told.
    """
    user: User = address.user
    others = EmailAddress.objects.filter(user=user, verified=True).exclude(pk=address.pk)
    if request.user == user or others.exists():
        return False
    drop_strange_connections(request, user)
    if is_finishing_sign_in(request, user) or not user.has_usable_password():
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return True


def drop_strange_connections(request: HttpRequest, user: User) -> None:
    """Remove the accounts on other sites that this session did not come through."""
    shown = {
        (record.get("provider"), record.get("uid")) for record in get_authentication_records(request, user)
    }
    for account in SocialAccount.objects.filter(user=user):
        if (account.provider, account.uid) not in shown:
            account.delete()


def is_finishing_sign_in(request: HttpRequest, user: User) -> bool:
    """Whether this session has just registered or shown the password, and only has to confirm the address."""
    stage = get_pending_stage(request)
    return bool(
        stage
        and stage.key == LoginStageKey.VERIFY_EMAIL.value
        and stage.login.user
        and stage.login.user.pk == user.pk
    )
