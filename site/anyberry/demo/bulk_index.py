"""The search index of the big catalog: the search's own rows, without making an object of each page again."""

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.utils.html import strip_tags
from wagtail.search.backends import get_search_backend

from core.localized import localize
from search.backend import Entry, SearchBackend
from search.cleaning import fold_yo
from shop.catalog.models import Category
from shop.catalog.pages import BerryPage
from shop.catalog.tags import sign_tag

BACKENDS = {"ru": "default", "en": "en"}


def index_pages(pages: Iterable[BerryPage], categories: Sequence[tuple[int, int]]) -> None:
    """Let the search find the pages, in the caller's transaction; `categories`: pairs of berry, category."""
    content_type = ContentType.objects.get_for_model(BerryPage)
    names = {category.pk: category for category in Category.objects.all()}
    groups: dict[int, list[Category]] = {}
    for berry_id, category_id in categories:
        groups.setdefault(berry_id, []).append(names[category_id])
    entries: dict[str, list[Entry]] = {code: [] for code in BACKENDS}
    for page in pages:
        code = page.locale.language_code
        entries[code].append(describe_page(page, code, groups.get(page.berry_id, [])))
    for code, name in BACKENDS.items():
        backend: SearchBackend = get_search_backend(name)
        backend.index_class(backend).write_entries(content_type.pk, entries[code])


def describe_page(page: BerryPage, code: str, categories: Sequence[Category]) -> Entry:
    """What the search's own reading of the page would give."""
    berry = page.berry
    groups = [localize(category, "name", code) for category in categories]
    words = {
        "title": page.title,
        "names": page.name_words(),
        "groups": " ".join([*groups, localize(berry, "origin", code), *map(sign_tag, berry.tags)]),
        "lead": page.lead,
        "body": f"{page.taste}\n{strip_tags(str(page.body.raw_data[0]['value']))}",
        "beginnings": page.title,
    }
    folded = {name: fold_yo(text) for name, text in words.items()}
    return Entry(object_id=str(page.pk), **folded, shelf=code, berry_id=page.berry_id)
