"""What the blocks of the editors' pages show of the shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import HttpRequest

from home.pages.blocks.berries import Rule
from shop.catalog.models import Berry, Category
from shop.catalog.pages import BerryPage, BerryPageQuerySet, CategoryPage
from shop.catalog.renditions import Picture, load_pictures

STRIPS = 6  # berries of a season strip where the editor chose none


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """One category as a tile shows it."""

    title: str
    url: str
    picture: Picture | None
    count: int


@dataclass(frozen=True, slots=True)
class SeasonalBerry:
    """One row of a season strip."""

    title: str
    url: str
    months: Sequence[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which berries a block asks for."""

    rule: Rule
    count: int
    category: Category | None = None
    berries: Sequence[Berry] = ()


def find_berry_pages(wish: Wish, language: str, today: date) -> list[BerryPage]:
    """The pages that fit. By rule only what can be bought today, by choice all, in the editor's order.

    One query; one more where nothing is in season: then anything in stock stands in.
    """
    pages = BerryPage.objects.for_language(language).for_cards()
    if wish.rule == Rule.CHOSEN:
        return order_as_chosen(pages, [berry.pk for berry in wish.berries])[: wish.count]
    sold = pages.in_stock(today).order_by("path")
    if wish.rule == Rule.IN_SEASON:
        return list(sold.in_season(today.month)[: wish.count]) or list(sold[: wish.count])
    if wish.rule == Rule.CATEGORY:
        sold = sold.in_category(wish.category.code) if wish.category else sold.none()
    elif wish.rule == Rule.BACK:
        sold = sold.back_in_stock(today)
    else:
        sold = sold.order_by("-berry__created_at", "-pk")
    return list(sold[: wish.count])


def order_as_chosen(pages: BerryPageQuerySet, berry_ids: Sequence[int]) -> list[BerryPage]:
    """The pages of these berries in this order; a berry without a page is left out."""
    by_berry = {page.berry_id: page for page in pages.filter(berry__in=berry_ids)}
    return [by_berry[pk] for pk in dict.fromkeys(berry_ids) if pk in by_berry]


def list_seasonal_berries(
    berries: Sequence[Berry], language: str, today: date, request: HttpRequest | None
) -> list[SeasonalBerry]:
    """The rows of a season strip: berries of the editor's choice, or some of those in season. One query."""
    pages = BerryPage.objects.for_language(language).defer_streamfields().select_related("berry")
    ids = [berry.pk for berry in berries]
    found = order_as_chosen(pages, ids) if ids else pages.in_season(today.month).order_by("path")[:STRIPS]
    return [
        SeasonalBerry(page.title, page.get_url(request) or "", page.berry.season_months) for page in found
    ]


def find_category_pages(language: str) -> list[CategoryPage]:
    """The category pages of the language in the shop's order, each with `berries_count`. One query."""
    pages = CategoryPage.objects.live().filter(locale__language_code=language)
    counted = pages.annotate(
        berries_count=Count("category__berries", filter=Q(category__berries__is_active=True), distinct=True)
    )
    return list(counted.select_related("category", "picture").order_by("category__position", "path"))


def build_tiles(pages: Sequence[CategoryPage], request: HttpRequest | None) -> list[CategoryTile]:
    """A tile for each page; one query at most."""
    pictures = load_pictures(page.picture for page in pages)
    return [
        CategoryTile(
            title=page.title,
            url=page.get_url(request) or "",
            picture=pictures.get(page.picture_id or 0),
            count=page.berries_count,
        )
        for page in pages
    ]
