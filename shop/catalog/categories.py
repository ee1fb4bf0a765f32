"""The categories, which every list names and which stay the same for weeks."""

from core.kept import keep
from shop.catalog.models import Category

CATEGORIES = "categories"  # the name they are kept under


def list_categories() -> list[Category]:
    """All of them in their order, without a query as long as they are kept."""
    return keep(CATEGORIES, lambda: list(Category.objects.all()))
