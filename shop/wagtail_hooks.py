"""What the shop adds to the Wagtail admin, for Wagtail to find."""

from shop.catalog import hooks as catalog_hooks
from shop.catalog import page_hooks as catalog_page_hooks
from shop.delivery import hooks as delivery_hooks
from shop.orders import hooks as order_hooks
from shop.orders import money_hooks, packing
from shop.reviews import hooks as review_hooks

__all__ = [
    "catalog_hooks",
    "catalog_page_hooks",
    "delivery_hooks",
    "money_hooks",
    "order_hooks",
    "packing",
    "review_hooks",
]
