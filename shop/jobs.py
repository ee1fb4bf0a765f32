"""All periodic work of the shop, for Celery to find."""

from shop.catalog import jobs as catalog_jobs
from shop.delivery import jobs as delivery_jobs
from shop.favorites import jobs as favorite_jobs
from shop.orders import jobs as order_jobs

__all__ = ["catalog_jobs", "delivery_jobs", "favorite_jobs", "order_jobs"]
