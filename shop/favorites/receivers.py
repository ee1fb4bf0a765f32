"""What this package does when others tell it news."""

from typing import Any

from allauth.account.signals import email_confirmed, user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.access import get_shopper
from accounts.registry import register_copier, register_farewell
from core.tasks import enqueue_after_commit
from shop.catalog.marks import register_marker
from shop.catalog.models import Lot
from shop.favorites import tasks
from shop.favorites.models import Waiting
from shop.favorites.pending import apply_favorites
from shop.favorites.personal import copy_favorites, copy_waiting, forget_wishes
from shop.favorites.services import get_favorite_ids

register_marker("in_favorites", get_favorite_ids)


@receiver(user_logged_in)
@receiver(email_confirmed)
def keep_favorites(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Somebody signed in or confirmed their address: the berries they liked as a guest are theirs now."""
    shopper = get_shopper(request)
    if shopper is not None:
        apply_favorites(request, shopper)


@receiver(post_save, sender=Lot, dispatch_uid="shop.favorites.tell_of_harvest")
def tell_of_harvest(sender: type[Lot], instance: Lot, **kwargs: Any) -> None:
    """A harvest came in: who waits for the berry is told at once, and not when the job next looks."""
    if not kwargs["created"]:
        return
    berry_id = instance.pack.berry_id
    if Waiting.objects.active().filter(berry=berry_id, moment=Waiting.Moment.STOCK).exists():
        enqueue_after_commit(tasks.tell_stock, berry_id=berry_id)


register_copier("favorites", copy_favorites)
register_copier("waiting", copy_waiting)
register_farewell(erase=forget_wishes)
