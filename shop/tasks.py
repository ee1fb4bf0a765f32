"""All tasks of the shop, for Celery to find."""

from shop.catalog import tasks as catalog_tasks
from shop.favorites import tasks as favorite_tasks
from shop.orders import tasks as order_tasks

__all__ = ["catalog_tasks", "favorite_tasks", "order_tasks"]
