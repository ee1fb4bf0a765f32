from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, PageChooserBlock, StructBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError

LONGEST_TITLE = 60


class MenuEntryBlock(StructBlock):
    """One entry of a menu: a page in the visitor's language, or another site."""

    page = PageChooserBlock(
        label=_("Page"), required=False, help_text=_("Visitors come to it in their own language.")
    )
    address = URLBlock(label=_("Address of another site"), required=False)
    title_ru = CharBlock(
        label=_("Text in Russian"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=_("Empty: the title of the page."),
    )
    title_en = CharBlock(
        label=_("Text in English"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=_("Empty: the title of the page."),
    )

    class Meta:
        icon = "link"
        label = _("Entry")
        description = _("A page of the shop, or another site")

    def clean(self, value: Any) -> Any:
        """Refuse an entry that leads nowhere, or elsewhere without a text."""
        cleaned = super().clean(value)
        errors = {}
        if not cleaned["page"] and not cleaned["address"]:
            errors["page"] = ValidationError(_("Choose a page or write an address."))
        if cleaned["address"] and not cleaned["page"]:
            for name in ("title_ru", "title_en"):
                if not cleaned[name]:
                    errors[name] = ValidationError(_("Another site needs a text in both languages."))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned
