from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ListBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.pages.blocks.section import SectionBlock


class SeasonBlock(SectionBlock):
    """When which berry ripens, month by month, and the way to the whole calendar."""

    berries = ListBlock(
        SnippetChooserBlock("shop.Berry"),
        label=_("Berries"),
        max_num=12,
        default=[],
        help_text=_("None: six of those in season now."),
    )

    class Meta:
        icon = "calendar-alt"
        label = _("Season strip")
        template = "blocks/season.html"
        description = _("Twelve months of the berries you choose, with the current month marked")
        preview_value = {"title": "Когда что спеет", "berries": []}
