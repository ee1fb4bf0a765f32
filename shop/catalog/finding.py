"""Finding berry pages by words: simple on purpose; the search app may replace it without anybody noticing."""

from django.db.models import Q

from shop.catalog.pages import BerryPage, BerryPageQuerySet

NAMES = ("title", "berry__kind_ru", "berry__kind_en", "berry__variety_ru", "berry__variety_en")


def find_pages(q: str, language: str) -> BerryPageQuerySet:
    """Live pages of the language whose title, kind or variety holds every word of `q`, in any case."""
    pages = BerryPage.objects.for_language(language)
    for word in q.split():
        pages = pages.filter(Q(*[(f"{name}__icontains", word) for name in NAMES], _connector=Q.OR))
    return pages
