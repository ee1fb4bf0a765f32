from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock


class SectionBlock(StructBlock):
    """A part as wide as the page; what it shows beside the editor's words, its template asks for."""

    is_section = True
    title = CharBlock(label=_("Title"), max_length=120, required=False)

    class Meta:
        group = _("Parts of the page")


class PictureSectionBlock(SectionBlock):
    """A part with a picture, which needs words for those who cannot see it."""

    image = ImageChooserBlock(label=_("Picture"), required=False)
    alt = CharBlock(
        label=_("Alternative text"),
        max_length=200,
        required=False,
        help_text=_("What the picture shows, in a sentence."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse a picture that nothing is said about."""
        cleaned = super().clean(value)
        if cleaned["image"] and not cleaned["alt"].strip():
            raise StructBlockValidationError({"alt": ValidationError(_("Say what the picture shows."))})
        return cleaned
