"""What this package does when others tell it news."""

from typing import Any

from allauth.account.signals import email_confirmed, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.access import get_shopper
from shop.catalog.marks import register_marker
from shop.favorites.pending import apply_favorites
from shop.favorites.services import get_favorite_ids

register_marker("in_favorites", get_favorite_ids)


@receiver(user_logged_in)
@receiver(email_confirmed)
def keep_favorites(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Somebody signed in or confirmed their address: the berries they liked as a guest are theirs now."""
    shopper = get_shopper(request)
    if shopper is not None:
        apply_favorites(request, shopper)
