from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock

from home.pages.blocks.section import SectionBlock


class StepBlock(StructBlock):
    """One step of how buying works."""

    title = CharBlock(label=_("Title"), max_length=80)
    text = TextBlock(label=_("Text"))

    class Meta:
        icon = "order"
        label = _("Step")


class StepsBlock(SectionBlock):
    """What happens first, what next."""

    steps = ListBlock(StepBlock(), label=_("Steps"), min_num=1, max_num=6)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "blocks/steps.html"
        description = _("Numbered steps: how buying works")
        preview_value = {
            "title": "Как это устроено",
            "steps": [
                {"title": "Выбираете", "text": "Видно, откуда ягода и когда собрана."},
                {"title": "Встречаете", "text": "Курьер привозит заказ в термосумке."},
            ],
        }
