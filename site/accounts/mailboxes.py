"""The address of a user that staff set: allauth's row of it is kept in step."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.emails import post_letter
from accounts.models import User


@transaction.atomic
def follow_email(*, user: User, old: str = "") -> None:
    """Make the address the user has now the only one of theirs, to be confirmed by them.

    The old one opens the account no more; it is told.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True})
    if old:
        context = {"from_email": old, "to_email": user.email}
        post_letter(kind="email_changed", to=old, language=user.language, context=context)
