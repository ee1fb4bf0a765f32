"""English pages made the way an editor makes them: as translations in wagtail-localize."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from accounts.models import User
from anyberry.demo.source import DemoContentError

Value = TypeVar("Value")
Place = tuple[str, int]  # path of a field or block, and which string of it


def translate_page(page: Page, words: Page, *, locale: Locale, by: User) -> None:
    """Publish the page in another language with the words of `words`, an unsaved page of the same shape.

    Must not run inside a transaction: wagtail-localize publishes after the commit, and children made
    before that would be lost from the tree (its issue #773).
    """
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    store_strings(source, words, locale=locale, by=by)
    place_draft(page, words.slug, locale=locale)
    translation.save_target(user=by, publish=True)


def place_draft(page: Page, slug: str, *, locale: Locale) -> None:
    """Make the translation's page under its own slug: renamed by a save, it would leave a redirect behind."""
    if not page.has_translation(locale):
        draft = page.copy_for_translation(locale)
        above = draft.url_path.removesuffix(f"{draft.slug}/")
        Page.objects.filter(pk=draft.pk).update(slug=slug, url_path=f"{above}{slug}/")


def store_strings(source: TranslationSource, words: Page, *, locale: Locale, by: User) -> None:
    """Store a translation of every string. Raises DemoContentError where the two texts differ in shape."""
    segments = (
        StringSegment.objects.filter(source=source).select_related("string", "context").order_by("order")
    )
    ours = dict(number_places((segment.context.path, segment) for segment in segments))
    values = (value for value in extract_segments(words) if isinstance(value, StringSegmentValue))
    theirs = dict(number_places((value.path, value.string.data) for value in values))
    if ours.keys() != theirs.keys():
        places = ", ".join(sorted({path for path, _number in ours.keys() ^ theirs.keys()}))
        raise DemoContentError(f"“{words.title}”: the two languages differ in {places}")
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of=segment.string,
                context=segment.context,
                locale=locale,
                data=theirs[place],
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                last_translated_by=by,
            )
            for place, segment in ours.items()
        ],
        ignore_conflicts=True,
    )


def number_places(pairs: Iterable[tuple[str, Value]]) -> Iterable[tuple[Place, Value]]:
    """Tell the strings of one path apart by their order."""
    counts: defaultdict[str, int] = defaultdict(int)
    for path, value in pairs:
        yield (path, counts[path]), value
        counts[path] += 1
