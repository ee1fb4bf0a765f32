from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock


class QuotationBlock(StructBlock):
    """Somebody's words, and whose they are."""

    text = TextBlock(label=_("Text"))
    author = CharBlock(label=_("Author"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quotation.html"
        description = _("Somebody's words")
        preview_value = {
            "text": "Ягода ждать не любит: утром собрали, днём привезли.",
            "author": "Анна, садовод",
        }
