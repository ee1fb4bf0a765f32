"""Several addresses, one of which is the default as soon as there is one."""

from django.db import transaction

from accounts.models import Address, User

MOST_ADDRESSES = 20


class BookFull(Exception):
    """There are as many addresses as a book holds; nothing was stored."""


@transaction.atomic
def save_address(*, user: User, address: Address) -> Address:
    """Store a new or a changed address of the user. The first one becomes the default; raises BookFull."""
    book = lock_book(user)
    is_known = address.pk in {known.pk for known in book}
    if not is_known and len(book) >= MOST_ADDRESSES:
        raise BookFull
    address.user = user
    if not book:
        address.is_default = True
    address.save()
    return address


@transaction.atomic
def make_default(*, user: User, address_id: int) -> bool:
    """Make the address the default one; whether it is one of the user's."""
    if address_id not in {address.pk for address in lock_book(user)}:
        return False
    user.addresses.filter(is_default=True).exclude(pk=address_id).update(is_default=False)
    user.addresses.filter(pk=address_id).update(is_default=True)
    return True


@transaction.atomic
def remove_address(*, user: User, address_id: int) -> bool:
    """Remove the address; whether it was one of the user's. Another takes its place as the default."""
    book = {address.pk: address for address in lock_book(user)}
    address = book.pop(address_id, None)
    if address is None:
        return False
    address.delete()
    if address.is_default and book:
        user.addresses.filter(pk=max(book)).update(is_default=True)
    return True


def lock_book(user: User) -> list[Address]:
    """The user's addresses, for whoever changes them one after the other."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    return list(user.addresses.order_by("pk"))
