"""What the shop adds to the Wagtail admin, for Wagtail to find."""

from shop.catalog import hooks as catalog_hooks
from shop.delivery import hooks as delivery_hooks
from shop.orders import hooks as order_hooks

__all__ = ["catalog_hooks", "delivery_hooks", "order_hooks"]
