"""What search engines are told about articles and recipes: the same as their pages say."""

from typing import Any

from django.conf import settings

from core.languages import get_active_language
from home.journal.models import ArticlePage, RecipePage
from home.journal.recipes import Kitchen
from home.pages.addresses import make_absolute
from shop.catalog.renditions import Picture

SCHEMA = "https://schema.org"
Data = dict[str, Any]


def describe_article(page: ArticlePage, picture: Picture | None, *, kind: str = "Article") -> Data:
    """What the article is, in the words of schema.org."""
    url = make_absolute(page.get_url() or "")
    publisher = {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL}
    changed = page.last_published_at.date() if page.last_published_at else page.published_on
    data: Data = {
        "@context": SCHEMA,
        "@type": kind,
        "headline": page.title,
        "description": page.search_description or page.lead,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": get_active_language(),
        "datePublished": page.published_on.isoformat(),
        "dateModified": max(changed, page.published_on).isoformat(),
        "author": {"@type": "Person", "name": page.author.name} if page.author else publisher,
        "publisher": publisher,
    }
    return data | ({"image": [make_absolute(picture.share_url)]} if picture else {})


def describe_recipe(page: RecipePage, picture: Picture | None, kitchen: Kitchen) -> Data:
    """The recipe for as many people as the page shows."""
    steps = [block.value["text"] for block in page.steps]
    data = describe_article(page, picture, kind="Recipe") | {
        "name": page.title,
        "recipeYield": str(kitchen.people),
        "prepTime": write_minutes(page.prep_minutes),
        "totalTime": write_minutes(page.total_minutes),
        "recipeIngredient": [line.line for line in kitchen.ingredients],
        "recipeInstructions": [
            {"@type": "HowToStep", "position": number, "text": text}
            for number, text in enumerate(steps, start=1)
        ],
    }
    return data | ({"cookTime": write_minutes(page.cook_minutes)} if page.cook_minutes else {})


def write_minutes(minutes: int) -> str:
    """A length of time as ISO 8601 writes it."""
    return f"PT{minutes}M"
