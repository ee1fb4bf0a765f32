"""Whether what was counted of the catalog still holds: a number that changes whenever the catalog does."""

from django.core.cache import cache
from django.utils import timezone

from core.commits import after_commit
from core.page_cache import forget_pages

GENERATION_KEY = "catalog:facets:generation"
KEPT_SECONDS = 60  # counts are kept no longer


def get_generation() -> float | None:
    """The number now; counts made under another one are out of date."""
    generation: float | None = cache.get(GENERATION_KEY)
    return generation


def forget_facets() -> None:
    """Have everything counted anew: something was changed in the catalog. Sales alone don't come here."""
    # It must differ from every number of the last minute, and nothing else.
    cache.set(GENERATION_KEY, timezone.now().timestamp(), KEPT_SECONDS * 2)


def forget_catalog() -> None:
    """Something of the catalog was changed: counts and finished pages are out of date."""
    forget_facets()
    after_commit(forget_facets)
    forget_pages()
