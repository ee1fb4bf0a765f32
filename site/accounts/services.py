"""Changes to people's data that more than one place asks for."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Address, AddressFields, Consent, User
from core.prepared import Prepared

ADDRESS_FIELDS = [field.name for field in AddressFields._meta.local_fields]


def find_person(user_id: int) -> QuerySet[User]:
    """The user with this key, who knows whether they have confirmed their address."""
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True
    )
    people = User.objects.filter(pk=user_id)
    return people.annotate(came_confirmed=Exists(confirmed))  # type: ignore[no-redef]  # it is declared there


_PERSON = Prepared(find_person, -1)


def load_user(user_id: int) -> User | None:
    """The user with this key, for a session; None where there is none."""
    return _PERSON.fetch_first(user_id)


def has_verified_email(user: User) -> bool:
    """Whether the user has confirmed the address they sign in with."""
    # Who was loaded unconfirmed may have confirmed since, in this very request; the other way never happens.
    if user.came_confirmed:
        return True
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


def has_agreed(user: User, versions: dict[str, str]) -> bool:
    """Whether the user has agreed to these versions (document → version) and not withdrawn."""
    given = user.consents.filter(withdrawn_at=None).values_list("document", "version")
    return set(versions.items()) <= set(given)


def record_consents(*, user: User, versions: dict[str, str], ip_address: str | None) -> None:
    """Store that the user agreed to each document version now; what was agreed before stays as it was."""
    Consent.objects.bulk_create(
        [
            Consent(user=user, document=document, version=version, ip_address=ip_address)
            for document, version in versions.items()
        ],
        ignore_conflicts=True,
    )


def withdraw_consent(*, consent: Consent) -> bool:
    """Take the consent back as of now; whether it is one of those that can be, and still stood.

    The offer was a contract: what was bought under it was bought.
    """
    if consent.document == Consent.Document.OFFER:
        return False
    standing = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
    return bool(standing.update(withdrawn_at=timezone.now()))


@transaction.atomic
def save_default_address(*, user: User, address: Address) -> Address:
    """Put the address into the user's book as the default one; the same address is never stored twice."""
    fields = {name: getattr(address, name) for name in ADDRESS_FIELDS}
    user.addresses.filter(is_default=True).update(is_default=False)
    known, _created = Address.objects.get_or_create(user=user, **fields, defaults={"is_default": True})
    Address.objects.filter(pk=known.pk).update(is_default=True)
    return known
