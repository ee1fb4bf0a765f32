"""What the front page shows of the shop."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest

from shop.catalog.models import Pack
from shop.catalog.pages import BerryPage, CategoryPage
from shop.catalog.renditions import Picture


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """One category as the front page shows it."""

    title: str
    url: str
    picture: Picture | None
    count: int


def find_seasonal_pages(language: str, today: date, *, count: int) -> list[BerryPage]:
    """Pages of berries that can be bought today: those in season, or any. At most two queries."""
    in_stock = Pack.objects.for_sale().in_stock(today).filter(berry=OuterRef("berry"))
    pages = BerryPage.objects.for_language(language).filter(Exists(in_stock)).order_by("path")
    pages = pages.defer_streamfields().select_related("berry", "picture")
    return list(pages.filter(berry__season_months__contains=[today.month])[:count]) or list(pages[:count])


def find_category_pages(language: str) -> list[CategoryPage]:
    """The category pages of the language in the shop's order, each with `berries_count`. One query."""
    pages = CategoryPage.objects.live().filter(locale__language_code=language)
    counted = pages.annotate(
        berries_count=Count("category__berries", filter=Q(category__berries__is_active=True), distinct=True)
    )
    return list(counted.select_related("category", "picture").order_by("category__position", "path"))


def build_tiles(
    pages: list[CategoryPage], pictures: dict[int, Picture], request: HttpRequest
) -> list[CategoryTile]:
    """A tile for each page."""
    return [
        CategoryTile(
            title=page.title,
            url=page.get_url(request) or "",
            picture=pictures.get(page.picture_id or 0),
            count=page.berries_count,
        )
        for page in pages
    ]
