"""Found pages that are no berries, as lists show them: articles, recipes, categories, plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.models import Page, get_page_models
from wagtail.query import PageQuerySet

from core.prepared import Prepared, is_any_of
from shop.catalog.renditions import Picture, load_pictures

# Kinds of pages by the names of their models. What is not here is plain words.
KINDS = {"articlepage": "article", "recipepage": "recipe", "categorypage": "category"}
TITLES = {
    "article": _("Articles"),
    "recipe": _("Recipes"),
    "category": _("Categories"),
    "page": _("Good to know"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One found page that is no berry."""

    page_id: int
    kind: str
    title: str
    url: str
    lead: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The found pages of one kind, best first."""

    kind: str
    title: str
    readings: Sequence[Reading]


def load_readings(page_ids: Sequence[int], request: HttpRequest | None) -> list[Reading]:
    """The live pages with these ids in their order. Two queries, and one for pictures not seen lately."""
    pages = {page.pk: page for page in _PAGES.fetch(page_ids)} if page_ids else {}
    images = get_image_model().objects.in_bulk(
        {page.picture_id for page in pages.values() if page.picture_id}
    )
    pictures = load_pictures(images.values())
    return [_make_reading(pages[pk], pictures, request) for pk in page_ids if pk in pages]


def arrange_shelves(readings: Iterable[Reading]) -> list[Shelf]:
    """The pages by kind."""
    by_kind: dict[str, list[Reading]] = {kind: [] for kind in TITLES}
    for reading in readings:
        by_kind[reading.kind].append(reading)
    return [Shelf(kind, str(TITLES[kind]), found) for kind, found in by_kind.items() if found]


def _make_reading(page: Page, pictures: dict[int, Picture], request: HttpRequest | None) -> Reading:
    model = page.specific_class or Page
    return Reading(
        page_id=page.pk,
        kind=KINDS.get(model._meta.model_name or "", "page"),
        title=page.title,
        url=page.get_url(request) or "",
        lead=page.shown_lead or page.search_description,
        picture=pictures.get(page.picture_id or 0),
    )


def _ask_pages(ids: Sequence[int]) -> PageQuerySet:
    """The live ones with `shown_lead` and `picture_id` of whatever type they are, in one query."""
    pages: PageQuerySet = Page.objects.live().filter(is_any_of("pk", ids)).order_by()
    return pages.annotate(
        shown_lead=Coalesce(*_find_fields("lead")), picture_id=Coalesce(*_find_fields("picture"))
    )


_PAGES = Prepared(_ask_pages, [-1])


@cache
def _find_fields(name: str) -> tuple[F, ...]:
    """Where the types of pages keep the field, as seen from the page all of them are."""
    models = [model for model in get_page_models() if issubclass(model, Page) and model is not Page]
    kept = [
        model
        for model in models
        if model._meta.pk.remote_field.model is Page
        and any(field.name == name for field in model._meta.local_fields)
    ]
    return tuple(F(f"{model._meta.model_name}__{name}") for model in kept)
