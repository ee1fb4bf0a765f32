"""Blocks of a recipe."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, DecimalBlock, IntegerBlock, StructBlock, TextBlock
from wagtail.snippets.blocks import SnippetChooserBlock

MOST_GRAMS = 5000


class BerryIngredientBlock(StructBlock):
    """A berry that the shop sells, by weight: it can go into the cart."""

    berry = SnippetChooserBlock("shop.Berry", label=_("Berry"))
    grams = IntegerBlock(label=_("Grams"), min_value=1, max_value=MOST_GRAMS)
    note = CharBlock(label=_("Note"), max_length=80, required=False, help_text=_("For example: frozen."))

    class Meta:
        icon = "tag"
        label = _("Berry")
        description = _("A berry of the shop; readers can put it into the cart")


class OtherIngredientBlock(StructBlock):
    """Anything else: an amount that grows with the number of people, or none, such as a pinch of salt."""

    name = CharBlock(label=_("What"), max_length=120)
    amount = DecimalBlock(
        label=_("How much"), required=False, min_value=Decimal("0.01"), max_value=MOST_GRAMS, decimal_places=2
    )
    unit = CharBlock(label=_("Unit"), max_length=20, required=False, help_text=_("For example: g, ml, tsp."))

    class Meta:
        icon = "list-ul"
        label = _("Another ingredient")
        description = _("Flour, sugar, eggs: whatever is not sold here")


class RecipeStepBlock(StructBlock):
    """One step of the cooking."""

    text = TextBlock(label=_("What to do"))

    class Meta:
        icon = "order"
        label = _("Step")
        description = _("One step of the cooking")
