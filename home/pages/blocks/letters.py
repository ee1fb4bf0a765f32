from django.utils.translation import gettext_lazy as _
from wagtail.blocks import TextBlock

from home.pages.blocks.section import SectionBlock


class LettersBlock(SectionBlock):
    """The form by which people subscribe to the newsletter."""

    text = TextBlock(label=_("Text"), required=False)

    class Meta:
        icon = "mail"
        label = _("Newsletter form")
        template = "blocks/letters.html"
        description = _("An address field and a button: people subscribe to the newsletter")
        preview_value = {"title": "Письма о сезоне", "text": "Что поспело и что из этого приготовить."}
