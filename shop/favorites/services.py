"""The wish list: who may want what, and every change of it."""

from django.db import transaction

from accounts.models import User
from shop.catalog.models import Berry
from shop.favorites.models import Favorite


class BerryUnknown(Exception):
    """There is no such berry, or it is no longer sold."""

    def __init__(self, berry_id: int) -> None:
        super().__init__(f"Berry {berry_id} is not sold")
        self.berry_id = berry_id


def get_favorite_ids(user: User) -> set[int]:
    """The ids of the user's favorite berries."""
    return set(Favorite.objects.filter(user=user).values_list("berry_id", flat=True))


def add_favorite(*, user: User, berry_id: int) -> bool:
    """Keep the berry; whether it is new on the list. Raises BerryUnknown."""
    if not Berry.objects.active().filter(pk=berry_id).exists():
        raise BerryUnknown(berry_id)
    _favorite, is_new = Favorite.objects.get_or_create(user=user, berry_id=berry_id)
    return is_new


def remove_favorite(*, user: User, berry_id: int) -> bool:
    """Forget the berry; whether it was on the list."""
    count, _by_model = Favorite.objects.filter(user=user, berry=berry_id).delete()
    return count > 0


@transaction.atomic
def toggle_favorite(*, user: User, berry_id: int) -> bool:
    """Forget a berry of the list, keep any other; whether it is on the list now. Raises BerryUnknown."""
    if remove_favorite(user=user, berry_id=berry_id):
        return False
    add_favorite(user=user, berry_id=berry_id)
    return True
