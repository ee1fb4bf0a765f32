"""What the catalog does when a page is published."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published

from core.commits import after_commit
from core.kept import forget
from core.page_cache import forget_with
from core.tasks import enqueue_after_commit
from shop.catalog.categories import CATEGORIES
from shop.catalog.freshness import forget_catalog
from shop.catalog.models import Berry, Category, Lot, Pack
from shop.catalog.pages import BerryPage, CategoryPage
from shop.catalog.pricing import Markdown
from shop.catalog.repricing import mend_prices
from shop.catalog.tasks import warm_renditions


@receiver(page_published, sender=BerryPage)
@receiver(page_published, sender=CategoryPage)
def warm_pictures(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Have every picture of the page made in its sizes, before a shopper asks for them."""
    for image_id in list_image_ids(instance):
        enqueue_after_commit(warm_renditions, image_id=image_id)


def list_image_ids(page: Page) -> list[int]:
    """The ids of the images that the page shows, in any of its fields."""
    references = ReferenceIndex.get_references_for_object(page).filter(
        to_content_type__app_label=get_image_model()._meta.app_label,
        to_content_type__model=get_image_model()._meta.model_name,
    )
    return sorted({int(pk) for pk in references.values_list("to_object_id", flat=True)})


def count_anew(sender: type[Model], **kwargs: Any) -> None:
    """The catalog was changed: the numbers beside its filters are counted anew, and pages are made anew."""
    forget_catalog()


forget_with(get_image_model())

m2m_changed.connect(count_anew, sender=Berry.categories.through)
for changed in (Berry, BerryPage, Category, Lot, Pack):
    post_save.connect(count_anew, sender=changed)
    post_delete.connect(count_anew, sender=changed)


@receiver(post_save, sender=Category)
@receiver(post_delete, sender=Category)
def forget_categories(sender: type[Model], **kwargs: Any) -> None:
    """Lists name the categories as they are now."""
    forget(CATEGORIES)


@receiver(post_save, sender=Pack)
def follow_pack(sender: type[Model], instance: Pack, *, raw: bool = False, **kwargs: Any) -> None:
    """The pack's price may be another one: lists follow it after the commit."""
    if not raw:
        after_commit(mend_prices, [instance.pk])


@receiver(post_save, sender=Lot)
def follow_lot(sender: type[Model], instance: Lot, *, raw: bool = False, **kwargs: Any) -> None:
    """Another lot of the pack may be sold next, for another price."""
    if not raw:
        after_commit(mend_prices, [instance.pack_id])


@receiver(post_save, sender=Markdown)
@receiver(post_delete, sender=Markdown)
def follow_markdown(sender: type[Model], **kwargs: Any) -> None:
    """Any lot that grows old may be sold for another price."""
    after_commit(mend_prices)
