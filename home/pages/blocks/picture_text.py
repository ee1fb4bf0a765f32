from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChoiceBlock, RichTextBlock

from home.pages.blocks.link import LinkBlock, Place
from home.pages.blocks.section import PictureSectionBlock

FEATURES = ["bold", "italic", "ol", "ul", "link"]


class Side(models.TextChoices):
    """Where the picture stands on wide screens; on phones it is above the text."""

    LEFT = "left", _("Picture on the left")
    RIGHT = "right", _("Picture on the right")


class PictureTextBlock(PictureSectionBlock):
    """Words beside a picture, or alone where there is none."""

    text = RichTextBlock(label=_("Text"), features=FEATURES)
    button = LinkBlock(label=_("Button"))
    side = ChoiceBlock(label=_("Side"), choices=Side.choices, default=Side.LEFT)

    class Meta:
        icon = "doc-full"
        label = _("Picture with text")
        template = "blocks/picture_text.html"
        description = _("A picture with a few sentences beside it, and a button")
        preview_value = {
            "title": "Маленькая лавка, короткая дорога",
            "text": "<p>Партия приходит, перебирается и уезжает к вам.</p>",
            "button": {"text": "Подробнее о нас", "place": Place.ABOUT, "page": None, "address": ""},
            "image": None,
            "alt": "",
            "side": Side.LEFT,
        }
