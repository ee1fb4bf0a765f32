"""What the cart keeps of a shopper: a copy for them, and what is forgotten when they leave."""

from typing import Any

from accounts.models import User
from shop.cart.models import Cart, CartLine


def copy_cart(user: User) -> list[dict[str, Any]]:
    """What is in the cart."""
    names = ("pack__berry__kind_ru", "pack__berry__variety_ru", "pack__weight_g", "quantity")
    return list(CartLine.objects.for_user(user).values(*names))


def forget_cart(user: User) -> None:
    """Remove the cart, once no checkout holds it."""
    for cart in Cart.objects.select_for_update().filter(user=user):
        cart.delete()
