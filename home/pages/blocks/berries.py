from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChoiceBlock, IntegerBlock, ListBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from home.pages.blocks.section import SectionBlock

MOST = 12


class Rule(models.TextChoices):
    """How the berries of a block are found."""

    IN_SEASON = "in_season", _("In season now")
    NEW = "new", _("New ones first")
    BACK = "back_in_stock", _("Back in stock this week")
    CATEGORY = "category", _("Of a category")
    CHOSEN = "chosen", _("Those chosen below")


class BerriesBlock(SectionBlock):
    """Berries with today's price and stock, by rule or one by one. What is sold out comes by choice alone."""

    rule = ChoiceBlock(label=_("Which berries"), choices=Rule.choices, default=Rule.IN_SEASON)
    category = SnippetChooserBlock("shop.Category", label=_("Category"), required=False)
    berries = ListBlock(SnippetChooserBlock("shop.Berry"), label=_("Berries"), max_num=MOST, default=[])
    count = IntegerBlock(label=_("At most"), min_value=1, max_value=MOST, default=8)

    class Meta:
        icon = "tag"
        label = _("Berries")
        template = "blocks/berries.html"
        description = _(
            "Cards of berries with today's price and stock: in season, new, back in stock or chosen"
        )
        preview_value: ClassVar[dict[str, Any]] = {
            "title": "Сейчас в сезоне",
            "rule": Rule.IN_SEASON,
            "category": None,
            "berries": [],
            "count": 4,
        }

    def clean(self, value: Any) -> Any:
        """Refuse a rule that lacks what it asks for."""
        cleaned = super().clean(value)
        if cleaned["rule"] == Rule.CATEGORY and cleaned["category"] is None:
            raise StructBlockValidationError({"category": ValidationError(_("Choose a category."))})
        if cleaned["rule"] == Rule.CHOSEN and not cleaned["berries"]:
            raise StructBlockValidationError({"rule": ValidationError(_("Choose at least one berry."))})
        return cleaned
