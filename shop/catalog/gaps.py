"""What the page of a berry or of a category still lacks."""

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.models import Page

from shop.catalog.pages import BerryPage, CategoryPage

NARROWEST = 1280  # pixels: the widest size that pages show
SHORTEST, LONGEST = 70, 160  # letters of a description that search engines show whole
GapPage = BerryPage | CategoryPage


def list_gaps(page: GapPage) -> list[str]:
    """A sentence for each thing that is missing. One query at most, none for a page that is not saved yet."""
    return [*list_word_gaps(page), *list_picture_gaps(page), *list_language_gaps(page)]


def list_word_gaps(page: GapPage) -> list[str]:
    """What is missing in the words."""
    description = page.search_description or ""
    checks = [
        (not page.lead.strip(), _("The lead is missing: lists and search engines show it.")),
        (not description, _("The description for search engines is missing.")),
        (
            bool(description) and not SHORTEST <= len(description) <= LONGEST,
            _("Search engines show descriptions of %(least)s to %(most)s letters; this one has %(count)s.")
            % {"least": SHORTEST, "most": LONGEST, "count": len(description)},
        ),
        (
            isinstance(page, BerryPage) and not strip_tags(str(page.body)).strip(),
            _("There is no text about the berry."),
        ),
    ]
    return [sentence for is_missing, sentence in checks if is_missing]


def list_picture_gaps(page: GapPage) -> list[str]:
    """What is wrong with the picture."""
    picture = page.picture
    if picture is None:
        return [_("There is no picture.")]
    gaps = [] if page.picture_alt.strip() else [_("Nothing is said about the picture.")]
    if picture.width < NARROWEST:
        size = {"width": picture.width, "least": NARROWEST}
        gaps.append(_("The picture is %(width)s pixels wide; %(least)s are needed to be sharp.") % size)
    if not picture.has_focal_point():
        gaps.append(_("The picture has no focal point: it is cut around its middle."))
    return gaps


def list_language_gaps(page: GapPage) -> list[str]:
    """The languages in which the page is not live."""
    if page.pk is None:
        return []
    versions = Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    live = dict(versions.values_list("locale__language_code", "live"))
    own = page.locale.language_code
    return [
        (
            _("The version in %(language)s is a draft.")
            if code in live
            else _("There is no version in %(language)s.")
        )
        % {"language": name}
        for code, name in settings.LANGUAGES
        if code != own and not live.get(code)
    ]
