"""Work on the search index that is too long for a request."""

from celery import shared_task
from wagtail.search.backends import get_search_backends

from shop.catalog.pages import BerryPage

CHUNK = 500


@shared_task
def index_category(category_id: int) -> None:
    """Write the index entries of all pages about the category's berries anew."""
    pages = BerryPage.get_indexed_objects().filter(berry__categories=category_id).order_by("pk")
    keys = list(pages.values_list("pk", flat=True))
    for place in range(0, len(keys), CHUNK):
        chunk = list(pages.filter(pk__in=keys[place : place + CHUNK]))
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(BerryPage, chunk)
