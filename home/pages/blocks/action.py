from django.utils.translation import gettext_lazy as _
from wagtail.blocks import TextBlock

from home.pages.blocks.link import LinkBlock, Place
from home.pages.blocks.section import SectionBlock


class ActionBlock(SectionBlock):
    """A sentence and a button that nobody overlooks."""

    text = TextBlock(label=_("Text"), required=False)
    button = LinkBlock(label=_("Button"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        template = "blocks/action.html"
        description = _("A colored panel with a sentence and a button")
        preview_value = {
            "title": "Клюква нового урожая",
            "text": "Первая партия уже на складе.",
            "button": {"text": "Выбрать ягоды", "place": Place.CATALOG, "page": None, "address": ""},
        }
