"""What an issue still lacks, told to its editor before it goes out."""

from collections.abc import Iterator
from typing import cast

from django.utils.translation import gettext as _

from home.newsletter.content import build_pieces
from home.newsletter.emails import freeze_letter
from home.newsletter.models import NewsletterPage
from home.newsletter.models.pages import SUBJECT_SHOWN


def find_shortcomings(page: NewsletterPage) -> list[str]:
    """A sentence for each, about the newest draft."""
    return list(list_shortcomings(cast(NewsletterPage, page.get_latest_revision_as_object()), page))


def list_shortcomings(draft: NewsletterPage, page: NewsletterPage) -> Iterator[str]:
    """What the mail would lack, and what the archive would."""
    if not page.live:
        yield _("The issue is not published: it can be tested, but not sent.")
    elif page.has_unpublished_changes:
        yield _("There are changes that are not published: they will not be sent.")
    if len(draft.subject_line) > SUBJECT_SHOWN:
        yield _("The subject is longer than %(count)s characters: phones cut it.") % {"count": SUBJECT_SHOWN}
    if freeze_letter(draft).is_too_long:
        yield _("The letter is so long that Gmail cuts its end off, with the link to unsubscribe.")
    missing = len(draft.body.raw_data) - len(build_pieces(draft))
    if missing:
        yield _("Blocks that show nothing, and are left out: %(count)s.") % {"count": missing}
