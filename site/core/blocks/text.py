from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(RichTextBlock):
    """Paragraphs, headings and lists."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/text.html"
        description = _("Paragraphs, headings and lists")
        preview_value = "<h2>Лето в пригоршне</h2><p>Ягода спелая, собрана утром и едет к вам в холоде.</p>"
