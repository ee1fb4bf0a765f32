"""Blocks that know berries."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock
from wagtail.snippets.blocks import SnippetChooserBlock


class RelatedBerriesBlock(StructBlock):
    """Berries of the editor's choice, shown with their price and stock of the moment."""

    title = CharBlock(label=_("Title"), max_length=120)
    berries = ListBlock(SnippetChooserBlock("shop.Berry"), label=_("Berries"), min_num=1, max_num=6)

    class Meta:
        icon = "tag"
        label = _("Related berries")
        template = "blocks/related_berries.html"
        description = _("Berries with today's price and stock")
