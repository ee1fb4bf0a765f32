from django.utils.translation import gettext_lazy as _
from wagtail.blocks import IntegerBlock

from home.pages.blocks.section import SectionBlock


class ArticlesBlock(SectionBlock):
    """The newest of the journal."""

    count = IntegerBlock(label=_("At most"), min_value=1, max_value=9, default=3)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Articles")
        template = "blocks/articles.html"
        description = _("The newest articles and recipes of the journal")
        preview_value = {"title": "Из журнала", "count": 3}
