from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock


class PictureBlock(StructBlock):
    """A picture with words for those who cannot see it, and a caption for everybody."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(
        label=_("Alternative text"), max_length=200, help_text=_("What the picture shows, in a sentence.")
    )
    caption = CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/picture.html"
        description = _("A picture with a caption")
        preview_value = {"image": None, "alt": "", "caption": "Малина из-под Тулы, собрана утром"}

    def get_preview_value(self) -> Any:
        """Some words under the newest picture of the library."""
        value = super().get_preview_value()
        value["image"] = get_image_model().objects.order_by("-pk").first()
        return value
