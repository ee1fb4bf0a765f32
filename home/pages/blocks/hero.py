from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, TextBlock

from home.pages.blocks.link import LinkBlock, Place
from home.pages.blocks.section import PictureSectionBlock


class HeroBlock(PictureSectionBlock):
    """The first thing a visitor sees, with the page's main heading. It stands at the top, once."""

    title = CharBlock(label=_("Headline"), max_length=120)
    lead = TextBlock(label=_("Lead"), required=False)
    button = LinkBlock(label=_("Button"))

    class Meta:
        icon = "home"
        label = _("Hero")
        template = "blocks/hero.html"
        description = _("A headline, a large picture and one button, at the top of the page")
        preview_value = {
            "title": "Свежие ягоды с честной датой сбора",
            "lead": "Мы знаем, кто и когда собрал каждый лоток.",
            "button": {"text": "Выбрать ягоды", "place": Place.CATALOG, "page": None, "address": ""},
            "image": None,
            "alt": "",
        }
