"""What the shop adds to the Wagtail admin, for Wagtail to find."""

from shop.catalog import hooks as catalog_hooks
from shop.catalog import page_hooks as catalog_page_hooks
from shop.delivery import hooks as delivery_hooks
from shop.favorites import hooks as favorite_hooks
from shop.orders import complaint_hooks, money_hooks
from shop.orders import hooks as order_hooks
from shop.orders.courier import hooks as courier_hooks
from shop.orders.office import hooks as office_hooks
from shop.reviews import hooks as review_hooks
from shop.vouchers import hooks as voucher_hooks

__all__ = [
    "catalog_hooks",
    "catalog_page_hooks",
    "complaint_hooks",
    "courier_hooks",
    "delivery_hooks",
    "favorite_hooks",
    "money_hooks",
    "office_hooks",
    "order_hooks",
    "review_hooks",
    "voucher_hooks",
]
