"""What this package does when others tell it news."""

from typing import Any

from allauth.account.signals import email_confirmed, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.access import get_shopper
from accounts.models import User
from accounts.registry import register_copier, register_farewell
from shop.cart.pending import apply_additions
from shop.cart.personal import copy_cart, forget_cart
from shop.cart.services import get_quantities
from shop.catalog.marks import register_marker


def find_berries_in_cart(user: User) -> set[int]:
    """The ids of the berries in the user's cart, for the catalog's mark."""
    return set(get_quantities(user))


register_marker("in_cart", find_berries_in_cart)


@receiver(user_logged_in)
@receiver(email_confirmed)
def fill_cart(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Somebody signed in or confirmed their address: what they chose as a guest is in their cart."""
    shopper = get_shopper(request)
    if shopper is not None:
        apply_additions(request, shopper)


register_copier("cart", copy_cart)
register_farewell(erase=forget_cart)
