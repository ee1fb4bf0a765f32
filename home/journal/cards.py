"""Articles as lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from wagtail.query import PageQuerySet

from home.journal.models import ArticlePage, RecipePage, Topic
from shop.catalog.renditions import Picture, load_pictures

RECIPES = "recipes"  # the one choice of the list that is no topic


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """One article in a list."""

    title: str
    url: str
    lead: str
    picture: Picture | None
    date: date
    is_recipe: bool = False


def find_articles(language: str) -> PageQuerySet:
    """Live articles and recipes of the language, newest first, without their bodies."""
    pages = ArticlePage.objects.live().filter(locale__language_code=language)
    return pages.defer_streamfields().select_related("picture").order_by("-published_on", "-pk")


def filter_articles(pages: PageQuerySet, topic: str) -> PageQuerySet:
    """Those about the topic, or the recipes alone; all of them where nothing is chosen."""
    if topic == RECIPES:
        return pages.exclude(recipepage=None)
    return pages.filter(article_topics__topic__code=topic) if topic else pages


def find_topics(language: str) -> list[Topic]:
    """The topics that live articles of the language are about."""
    pages = ArticlePage.objects.live().filter(locale__language_code=language)
    return list(Topic.objects.filter(article_topics__page__in=pages).distinct())


def has_recipes(language: str) -> bool:
    """Whether there is a recipe to read."""
    return RecipePage.objects.live().filter(locale__language_code=language).exists()


def build_article_cards(
    pages: Sequence[ArticlePage], request: HttpRequest | None, *, pictures: dict[int, Picture] | None = None
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
            is_recipe=page.is_recipe,
        )
        for page in pages
    ]
