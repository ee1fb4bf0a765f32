"""Changes to people's data that more than one place asks for."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Address, AddressFields, Consent, User

ADDRESS_FIELDS = [field.name for field in AddressFields._meta.local_fields]


def has_verified_email(user: User) -> bool:
    """Whether the user has confirmed the address they sign in with."""
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


@transaction.atomic
def save_default_address(*, user: User, address: Address) -> Address:
    """Put the address into the user's book as the default one; the same address is never stored twice."""
    fields = {name: getattr(address, name) for name in ADDRESS_FIELDS}
    user.addresses.filter(is_default=True).update(is_default=False)
    known, _created = Address.objects.get_or_create(user=user, **fields, defaults={"is_default": True})
    Address.objects.filter(pk=known.pk).update(is_default=True)
    return known
