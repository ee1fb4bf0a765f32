"""The catalog's periodic work."""

from celery import shared_task

from shop.catalog import services


@shared_task
def rank_berries() -> None:
    """Bring the order "popular first" up to date with what was sold lately."""
    services.rank_berries()
