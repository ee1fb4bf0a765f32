from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import CharBlock, ListBlock, StructBlock


class FactBlock(StructBlock):
    """One named fact."""

    name = CharBlock(label=pgettext_lazy("fact", "Name"), max_length=80)
    value = CharBlock(label=_("Value"), max_length=200)

    class Meta:
        icon = "list-ul"
        label = _("Fact")


class FactsBlock(StructBlock):
    """A short table of facts."""

    items = ListBlock(FactBlock(), label=_("Facts"))

    class Meta:
        icon = "list-ul"
        label = _("Facts")
        template = "blocks/facts.html"
        description = _("A short table of facts")
        preview_value = {
            "items": [
                {"name": "Хранить", "value": "в холодильнике, до трёх дней"},
                {"name": "Мыть", "value": "перед едой"},
            ]
        }
