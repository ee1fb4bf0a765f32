"""Mending what wagtail-localize leaves behind."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published


@receiver(page_published)
def heal_numchild(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Set the true number of children: wagtail-localize publishes a stale copy (its issue #773)."""
    count = Page.objects.filter(depth=instance.depth + 1, path__startswith=instance.path).count()
    Page.objects.filter(pk=instance.pk).exclude(numchild=count).update(numchild=count)
