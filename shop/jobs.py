"""All periodic work of the shop, for Celery to find."""

from shop.catalog import jobs as catalog_jobs
from shop.orders import jobs as order_jobs

__all__ = ["catalog_jobs", "order_jobs"]
