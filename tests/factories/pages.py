"""The editors' pages for tests; the tree they hang on is that of tests.factories.catalog."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from home.journal.models import ArticlePage, JournalPage, RecipePage
from home.pages.models import StandardPage
from tests.factories.catalog import get_front_page


def get_journal_page(language: str = "ru") -> JournalPage:
    """The journal of a language; made where it is missing."""
    front = get_front_page(language)
    existing = JournalPage.objects.child_of(front).first()
    if existing:
        return existing
    title = "Journal" if language == "en" else "Журнал"
    words = {
        "title": title,
        "slug": "journal",
        "lead": "Words.",
        "show_in_menus": True,
        "locale": front.locale,
    }
    if language != "ru":
        words["translation_key"] = get_journal_page("ru").translation_key
    return front.add_child(instance=JournalPage(**words))


class ArticlePageFactory(DjangoModelFactory):
    """A live article in the journal of `language`, each a day older than the one made before."""

    class Meta:
        model = ArticlePage

    language = "ru"
    title = factory.Sequence(lambda number: f"Заметка {number}")
    slug = factory.Sequence(lambda number: f"article-{number}")
    lead = "Как хранить ягоды."
    published_on = factory.Sequence(lambda number: timezone.localdate() - timedelta(days=number))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        journal = get_journal_page(kwargs.pop("language", "ru"))
        return journal.add_child(instance=model_class(locale=journal.locale, **kwargs))


class StandardPageFactory(DjangoModelFactory):
    """A live page of plain words right below the front page of `language`."""

    class Meta:
        model = StandardPage

    language = "ru"
    title = factory.Sequence(lambda number: f"О нас {number}")
    slug = factory.Sequence(lambda number: f"about-{number}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        front = get_front_page(kwargs.pop("language", "ru"))
        return front.add_child(instance=model_class(locale=front.locale, **kwargs))


class RecipePageFactory(ArticlePageFactory):
    """A live recipe for four people in the journal of `language`."""

    class Meta:
        model = RecipePage

    title = factory.Sequence(lambda number: f"Морс {number}")
    slug = factory.Sequence(lambda number: f"recipe-{number}")
    servings = 4
    ingredients = [{"type": "other", "value": {"name": "воды", "amount": "1", "unit": "л"}}]
    steps = [{"type": "step", "value": {"text": "Сварите."}}]
