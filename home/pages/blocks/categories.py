from django.utils.translation import gettext_lazy as _

from home.pages.blocks.section import SectionBlock


class CategoriesBlock(SectionBlock):
    """The categories of the shop, in the shop's order."""

    class Meta:
        icon = "folder-open-inverse"
        label = _("Categories")
        template = "blocks/categories.html"
        description = _("A tile for each category, with its picture and the number of berries")
        preview_value = {"title": "Что вы любите?"}
