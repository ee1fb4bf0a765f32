from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ListBlock

from core.blocks.picture import PictureBlock


class GalleryBlock(ListBlock):
    """Several pictures side by side."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(PictureBlock(), **kwargs)

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "blocks/gallery.html"
        description = _("Several pictures side by side")

    def get_preview_value(self) -> Any:
        """A picture, twice."""
        return self.normalize([self.child_block.get_preview_value() for _place in range(2)])
