"""The journal's pages."""

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import get_shopper, send_to_way_in
from core.languages import get_active_language
from home.journal.baskets import claim_click, fill_basket, remember_basket, say_again
from home.journal.cards import RECIPES, build_article_cards, filter_articles, find_articles, find_topics
from home.journal.cards import has_recipes as has_any_recipe
from home.journal.models import MOST_PEOPLE, ArticlePage, JournalPage, RecipePage
from home.journal.recipes import plan_recipe, read_people
from home.journal.structured import Data, describe_article, describe_recipe
from home.pages.trail import build_trail
from shop.catalog.renditions import Picture, load_pictures

ARTICLES_A_PAGE = 12
MORE_ARTICLES = 3


def show_journal(request: HttpRequest, page: JournalPage) -> TemplateResponse:
    """Articles and recipes of the language, newest first; a page number that is none shows the nearest.

    `?topic=` narrows them down; 404 where it is none.
    """
    language, chosen = get_active_language(), request.GET.get("topic", "")
    topics = find_topics(language)
    choices = [(RECIPES, _("Recipes"))] if has_any_recipe(language) else []
    choices += [(topic.code, topic.name) for topic in topics]
    names = dict(choices)
    if chosen and chosen not in names:
        raise Http404
    articles = filter_articles(find_articles(language), chosen)
    page_obj = Paginator(articles, ARTICLES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_obj": page_obj,
        "articles": build_article_cards(list(page_obj), request),
        "choices": choices,
        "chosen": chosen,
        "chosen_name": names.get(chosen, ""),
        "trail": build_trail(page, request),
    }
    return TemplateResponse(request, "home/journal_page.html", context)


def show_article(request: HttpRequest, page: ArticlePage) -> TemplateResponse:
    """One article, and what else there is to read."""
    context, picture = describe_story(request, page)
    context["structured_data"] = describe_article(page, picture)
    return TemplateResponse(request, "home/article_page.html", context)


def show_recipe(request: HttpRequest, page: RecipePage) -> TemplateResponse:
    """One recipe, its amounts for as many people as `?people=` says."""
    kitchen = plan_recipe(page, read_people(request.GET.get("people", ""), page))
    context, picture = describe_story(request, page)
    context |= {
        "kitchen": kitchen,
        "people_choices": range(1, MOST_PEOPLE + 1),
        "once": uuid4().hex,
        "structured_data": describe_recipe(page, picture, kitchen),
    }
    return TemplateResponse(request, "home/recipe_page.html", context)


def describe_story(request: HttpRequest, page: ArticlePage) -> tuple[Data, Picture | None]:
    """What the templates of an article and of a recipe share, and the picture at the top."""
    others = list(find_articles(get_active_language()).exclude(pk=page.pk)[:MORE_ARTICLES])
    author_picture = page.author.picture if page.author else None
    pictures = load_pictures([page.picture, author_picture, *(other.picture for other in others)])
    picture = pictures.get(page.picture_id or 0)
    context: dict[str, Any] = {
        "page": page,
        "picture": picture,
        "author_picture": pictures.get(author_picture.pk) if author_picture else None,
        "topics": [row.topic for row in page.article_topics.select_related("topic")],
        "more_articles": build_article_cards(others, request, pictures=pictures),
        "trail": build_trail(page, request),
    }
    return context, picture


@require_POST
def add_ingredients(request: HttpRequest, page_id: int) -> HttpResponse:
    """Put the packs for so many people into the cart, once for each time the page was opened.

    A guest's click is kept until they have signed in.
    """
    page = get_object_or_404(RecipePage.objects.live(), pk=page_id)
    people = read_people(request.POST.get("people", ""), page)
    kitchen = plan_recipe(page, people)
    back = f"{page.get_url(request)}?people={people}#ingredients"
    shopper = get_shopper(request)
    if shopper is None:
        remember_basket(request, kitchen)
        return send_to_way_in(request, back)
    if claim_click(shopper, request.POST.get("once", "")):
        fill_basket(request, shopper, kitchen)
    else:
        say_again(request)
    return redirect(back)
