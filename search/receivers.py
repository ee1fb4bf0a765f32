"""What keeps the index and the vocabulary as fresh as the shop: pages that are published, facts that change.

Wagtail indexes a page whenever it is saved; what else its words are taken from is watched here.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from modelsearch.index import insert_or_update_object
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from core.tasks import enqueue_after_commit
from search.models import Promotion, Synonym
from search.tasks import index_category
from search.vocabularies import forget_vocabularies
from shop.catalog.models import Berry, Category
from shop.catalog.pages import BerryPage


@receiver(page_published)
@receiver(page_unpublished)
def learn_page(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page came or went, and its words with it."""
    forget_vocabularies()


@receiver(post_delete)
def forget_page(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """A page is gone for good."""
    if isinstance(instance, Page):
        forget_vocabularies()


@receiver(post_save, sender=Synonym)
@receiver(post_delete, sender=Synonym)
@receiver(post_save, sender=Promotion)
@receiver(post_delete, sender=Promotion)
def learn_lesson(sender: type[Model], **kwargs: Any) -> None:
    """An editor taught the search something else."""
    forget_vocabularies()


@receiver(post_save, sender=Berry)
def index_berry(sender: type[Berry], instance: Berry, **kwargs: Any) -> None:
    """Names, tags and whether it is sold are words and shelf of the berry's pages."""
    index_pages(instance.pk)
    forget_vocabularies()


@receiver(m2m_changed, sender=Berry.categories.through)
def index_groups(sender: type[Model], instance: Model, action: str, pk_set: Any, **kwargs: Any) -> None:
    """The categories' names are words of their berries' pages."""
    if not action.startswith("post_"):
        return
    berries = [instance.pk] if isinstance(instance, Berry) else list(pk_set or ())
    for berry_id in berries:
        index_pages(berry_id)


@receiver(post_save, sender=Category)
def index_renamed(sender: type[Category], instance: Category, created: bool, **kwargs: Any) -> None:  # noqa: FBT001 -- Django's signal
    """A renamed category is found under its new name, with all its berries."""
    forget_vocabularies()
    if not created:
        enqueue_after_commit(index_category, category_id=instance.pk)


def index_pages(berry_id: int) -> None:
    """Write the index entries of a berry's pages anew."""
    for page in BerryPage.objects.filter(berry=berry_id):
        insert_or_update_object(page)
