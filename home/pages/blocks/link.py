from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, PageChooserBlock, StructBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError


class Place(models.TextChoices):
    """Where a button may lead."""

    CATALOG = "catalog", _("All berries")
    SEASON = "season", _("Season calendar")
    JOURNAL = "journal", _("Journal")
    NEWSLETTER = "newsletter", _("Newsletter")
    ABOUT = "about", _("First page of the footer")
    PAGE = "page", _("Another page of the site")
    ADDRESS = "address", _("Another site")


class LinkBlock(StructBlock):
    """A button: without a text there is none."""

    text = CharBlock(label=_("Button"), max_length=40, required=False)
    place = ChoiceBlock(label=_("Leads to"), choices=Place.choices, default=Place.CATALOG)
    page = PageChooserBlock(
        label=_("Page"), required=False, help_text=_("Visitors come to it in their own language.")
    )
    address = URLBlock(
        label=_("Address"), required=False, validators=[URLValidator(schemes=["http", "https"])]
    )

    class Meta:
        icon = "link"
        label = _("Button")

    def clean(self, value: Any) -> Any:
        """Refuse a button that leads nowhere."""
        cleaned = super().clean(value)
        for place in (Place.PAGE, Place.ADDRESS):
            if cleaned["text"] and cleaned["place"] == place and not cleaned[place]:
                raise StructBlockValidationError(
                    {place.value: ValidationError(_("Say where the button leads."))}
                )
        return cleaned
