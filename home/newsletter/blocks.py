"""What a letter is made of, besides text and pictures. Every block is drawn by home.newsletter.content."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from core.blocks import PictureBlock, TextBlock

LETTER_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class LetterBerriesBlock(StructBlock):
    """Berries of the editor's choice, with price and season as they are when the letter is sent."""

    title = CharBlock(label=_("Title"), max_length=120)
    berries = ListBlock(SnippetChooserBlock("shop.Berry"), label=_("Berries"), min_num=1, max_num=8)

    class Meta:
        icon = "tag"
        label = _("Berries")
        description = _("Berries with price and season as at sending")


class LetterArticlesBlock(StructBlock):
    """What to read in the journal."""

    title = CharBlock(label=_("Title"), max_length=120)
    articles = ListBlock(PageChooserBlock("home.ArticlePage"), label=_("Articles"), min_num=1, max_num=6)

    class Meta:
        icon = "doc-full"
        label = _("Articles")
        description = _("Articles of the journal, with picture and lead")


class CallToActionBlock(StructBlock):
    """One button, to a page of the shop or to any address."""

    label = CharBlock(label=_("Button"), max_length=60)
    page = PageChooserBlock(label=_("Page"), required=False)
    url = URLBlock(label=_("Or an address"), required=False)

    class Meta:
        icon = "arrow-right-full"
        label = _("Call to action")
        description = _("One button that leads to a page")

    def clean(self, value: Any) -> Any:
        """Refuse a button that leads nowhere, or to two places."""
        result = super().clean(value)
        if bool(result["page"]) == bool(result["url"]):
            error = ValidationError(_("Choose a page or enter an address, one of the two."))
            raise StructBlockValidationError(block_errors={"url": error})
        return result


LETTER_BLOCKS = [
    ("text", TextBlock(features=LETTER_TEXT_FEATURES)),
    ("picture", PictureBlock()),
    ("berries", LetterBerriesBlock()),
    ("articles", LetterArticlesBlock()),
    ("action", CallToActionBlock()),
]
