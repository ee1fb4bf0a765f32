from django.utils.translation import gettext_lazy as _
from wagtail.blocks import TextBlock

from home.pages.blocks.section import SectionBlock


class ZonesBlock(SectionBlock):
    """Where to and for how much, as the shop has it at the moment: never typed in by hand."""

    text = TextBlock(label=_("Text"), required=False)

    class Meta:
        icon = "site"
        label = _("Delivery zones")
        template = "blocks/zones.html"
        description = _("The delivery zones with their prices, straight from the shop")
        preview_value = {"title": "Куда и почём", "text": ""}
