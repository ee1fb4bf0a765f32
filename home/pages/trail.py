"""Breadcrumbs of the editors' pages."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

Trail = list[tuple[str, str]]
TOP_DEPTH = 3  # of the pages right below the front page


def build_trail(page: Page, request: HttpRequest) -> Trail:
    """Title and address of each page from the front page down to this one, whose address is left out.

    One query for a page further down than the first level, none for others.
    """
    trail = [(_("Home"), reverse("wagtail_serve", args=[""]))]
    if page.depth > TOP_DEPTH:
        above = page.get_ancestors().filter(depth__gte=TOP_DEPTH).order_by("depth")
        trail += [(parent.title, parent.get_url(request) or "") for parent in above]
    return [*trail, (page.title, "")]
