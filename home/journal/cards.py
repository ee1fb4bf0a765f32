"""Articles as lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from wagtail.query import PageQuerySet

from home.journal.models import ArticlePage
from shop.catalog.renditions import Picture, load_pictures


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """One article in a list."""

    title: str
    url: str
    lead: str
    picture: Picture | None
    date: date


def find_articles(language: str) -> PageQuerySet:
    """Live articles of the language, newest first, without their bodies."""
    pages = ArticlePage.objects.live().filter(locale__language_code=language)
    return pages.defer_streamfields().select_related("picture").order_by("-published_on", "-pk")


def build_article_cards(
    pages: Sequence[ArticlePage], request: HttpRequest, *, pictures: dict[int, Picture] | None = None
) -> list[ArticleCard]:
    """A card for each page; one query, none where the pictures are loaded already."""
    if pictures is None:
        pictures = load_pictures(page.picture for page in pages)
    return [
        ArticleCard(
            title=page.title,
            url=page.get_url(request) or "",
            lead=page.lead,
            picture=pictures.get(page.picture_id or 0),
            date=page.published_on,
        )
        for page in pages
    ]
