"""Blocks that know berries."""

from typing import Any

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

    def get_preview_value(self) -> Any:
        """The newest berries of the shop."""
        berries = self.child_blocks["berries"].child_block.target_model.objects
        newest = berries.filter(is_active=True).order_by("-pk")[:3]
        return self.normalize({"title": "Ягоды из этой заметки", "berries": list(newest)})
