"""Pictures that come from people's disks."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class CarefulImageField(WagtailImageField):
    """A picture that can be opened. Wagtail asks a file for its size after a look at its first bytes only."""

    def check_image_pixel_size(self, f: Any) -> None:
        """Refuse what calls itself a picture and is none, as Wagtail does for what is too large."""
        try:
            super().check_image_pixel_size(f)
        except ValidationError:
            raise
        except Exception as error:  # whatever Pillow and its decoders throw at broken bytes
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error


class ImageForm(BaseImageForm):
    """The form of every upload in the admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wagtails := self.fields.get("file"):
            self.fields["file"] = CarefulImageField(
                label=wagtails.label, required=wagtails.required, widget=wagtails.widget
            )
