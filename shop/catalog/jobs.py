"""The catalog's periodic work."""

from celery import shared_task

from shop.catalog import repricing, services


@shared_task
def rank_berries() -> None:
    """Bring the order "popular first" up to date with what was sold lately."""
    services.rank_berries()


@shared_task
def mend_prices() -> None:
    """Have lists sorted and filtered by what is paid now: sales begin and end, lots grow old."""
    repricing.mend_prices()
