"""Mending what wagtail-localize leaves behind, and forgetting what was cached."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, Site, get_page_models
from wagtail.signals import page_published, post_page_move

from core.kept import SITE, forget
from core.languages import name_translation
from core.publicity import PublicitySettings, forget_publicity
from core.selling import SELLER, SellerSettings

ROOT_DEPTH = 2


@receiver(page_published)
def heal_numchild(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Set the true number of children: wagtail-localize publishes a stale copy (its issue #773)."""
    count = Page.objects.filter(depth=instance.depth + 1, path__startswith=instance.path).count()
    Page.objects.filter(pk=instance.pk).exclude(numchild=count).update(numchild=count)


@receiver(post_save, sender=PublicitySettings)
@receiver(post_delete, sender=PublicitySettings)
def read_publicity_anew(sender: type[PublicitySettings], **kwargs: Any) -> None:
    """A change of the setting is on the next page."""
    forget_publicity()


@receiver(post_save, sender=SellerSettings)
@receiver(post_delete, sender=SellerSettings)
def forget_seller(sender: type[SellerSettings], instance: SellerSettings, **kwargs: Any) -> None:
    """The next page names the seller as they are now."""
    forget(f"{SELLER}{instance.site_id}")


@receiver(post_save, sender=Site)
@receiver(post_delete, sender=Site)
def forget_site(sender: type[Site], **kwargs: Any) -> None:
    """The next page looks for its site."""
    forget(SITE)


def forget_translation(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """The language switches of a page's translations lead to it as it is now."""
    forget(*(name_translation(instance, code) for code, _name in settings.LANGUAGES))


post_page_move.connect(forget_translation)


def forget_root(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A site is kept with its root page: forget both where that page changes."""
    if instance.depth <= ROOT_DEPTH:
        forget(SITE)


for model in get_page_models():
    for forget_it in (forget_root, forget_translation):
        post_save.connect(forget_it, sender=model)
        post_delete.connect(forget_it, sender=model)
