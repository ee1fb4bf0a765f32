"""The journal's pages."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.response import TemplateResponse

from core.languages import get_active_language
from home.journal.cards import build_article_cards, find_articles
from home.journal.models import ArticlePage, JournalPage
from home.pages.addresses import make_absolute
from home.pages.trail import build_trail
from shop.catalog.renditions import Picture, load_pictures

ARTICLES_A_PAGE = 12
MORE_ARTICLES = 3


def show_journal(request: HttpRequest, page: JournalPage) -> TemplateResponse:
    """All articles of the language, newest first; a page number that is none shows the nearest."""
    articles = find_articles(get_active_language())
    page_obj = Paginator(articles, ARTICLES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_obj": page_obj,
        "articles": build_article_cards(list(page_obj), request),
        "trail": build_trail(page, request),
    }
    return TemplateResponse(request, "home/journal_page.html", context)


def show_article(request: HttpRequest, page: ArticlePage) -> TemplateResponse:
    """One article, and what else there is to read."""
    others = list(find_articles(get_active_language()).exclude(pk=page.pk)[:MORE_ARTICLES])
    pictures = load_pictures([page.picture, *(other.picture for other in others)])
    picture = pictures.get(page.picture_id or 0)
    context = {
        "page": page,
        "picture": picture,
        "more_articles": build_article_cards(others, request, pictures=pictures),
        "trail": build_trail(page, request),
        "structured_data": describe_article(page, picture),
    }
    return TemplateResponse(request, "home/article_page.html", context)


def describe_article(page: ArticlePage, picture: Picture | None) -> dict[str, Any]:
    """What the article is, in the words of schema.org."""
    changed = page.last_published_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": page.search_description or page.lead,
        "inLanguage": get_active_language(),
        "datePublished": page.published_on.isoformat(),
        "dateModified": (changed.date() if changed else page.published_on).isoformat(),
        "author": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
    }
    return data | ({"image": make_absolute(picture.share_url)} if picture else {})
