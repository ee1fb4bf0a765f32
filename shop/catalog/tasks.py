"""The catalog's background work."""

from celery import shared_task
from wagtail.images import get_image_model

from shop.catalog.renditions import make_renditions


@shared_task
def warm_renditions(*, image_id: int) -> None:
    """Make the sizes of a picture that are still missing; nothing to do for one deleted meanwhile."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is not None:
        make_renditions(image)
