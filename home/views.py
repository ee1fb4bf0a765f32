"""The front page: it brings berries, articles and the newsletter together, so it stands above them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from core.languages import get_active_language
from home.journal.cards import build_article_cards, find_articles
from home.newsletter.forms import SubscribeForm
from home.pages.menus import get_menu
from home.pages.models import FrontPage
from home.pages.services import build_tiles, find_category_pages, find_seasonal_pages
from shop.catalog.cards import make_card
from shop.catalog.renditions import load_pictures
from shop.catalog.services import list_offers

BERRIES = 8
ARTICLES = 3


def show_front_page(request: HttpRequest, page: FrontPage) -> TemplateResponse:
    """What is good now, and the ways into the shop. The number of queries does not grow with the rows."""
    language = get_active_language()
    today = timezone.localdate()
    berries = find_seasonal_pages(language, today, count=BERRIES)
    categories = find_category_pages(language)
    articles = list(find_articles(language)[:ARTICLES])
    pictures = load_pictures(
        [page.hero_picture, *(shown.picture for shown in (*berries, *categories, *articles))]
    )
    offers = list_offers(berry.berry_id for berry in berries)
    context = {
        "page": page,
        "hero": pictures.get(page.hero_picture_id or 0),
        "cards": [
            make_card(berry, offers[berry.berry_id], pictures.get(berry.picture_id or 0), request)
            for berry in berries
        ],
        "categories": build_tiles(categories, pictures, request),
        "articles": build_article_cards(articles, request, pictures=pictures),
        "newsletter_form": SubscribeForm(),
        # The editors' first page of plain words is the one about the shop.
        "about_url": next((link.url for link in get_menu(request).footer), ""),
        "structured_data": describe_shop(language),
    }
    return TemplateResponse(request, "home/front_page.html", context)


def describe_shop(language: str) -> dict[str, Any]:
    """What the site is, in the words of schema.org."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": settings.SITE_URL,
        "inLanguage": language,
    }
