"""Berries inside editors' words."""

from collections.abc import Iterable

from django import template
from django.template.context import Context

from core.languages import get_active_language
from shop.catalog.cards import Card, build_cards
from shop.catalog.models import Berry
from shop.catalog.pages import BerryPage

register = template.Library()


@register.simple_tag(takes_context=True)
def berry_cards(context: Context, berries: Iterable[Berry | None]) -> list[Card]:
    """Cards of the berries in the page's language and the editor's order, of those that have a page."""
    ids = [berry.pk for berry in berries if berry is not None]  # a deleted record leaves a gap
    pages = BerryPage.objects.for_language(get_active_language()).filter(berry__in=ids)
    by_berry = {page.berry_id: page for page in pages.for_cards()}
    return build_cards([by_berry[pk] for pk in ids if pk in by_berry], context.get("request"))
