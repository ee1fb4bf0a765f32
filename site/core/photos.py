"""Photos from people's phones: checked, made small, and kept where no web server hands them out."""

from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


def store_privately() -> Storage:
    """Where files lie that only our own views hand out, after they have asked who is calling."""
    return FileSystemStorage(location=settings.PRIVATE_ROOT)


def delete_photos(names: list[str]) -> None:
    """Remove the files; one that is gone already is no fault."""
    storage = store_privately()
    for name in names:
        storage.delete(name)


def shrink_photo(upload: "File[bytes]") -> "ContentFile[bytes]":
    """The picture of an upload as a small JPEG, turned upright, without the place and camera it tells of.

    Raises ValidationError, in the active language, for what is no picture, or too large a one.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("The photo is too large. Please take a smaller one."), code="too_large")
    try:
        return _encode(upload)
    except ValidationError:
        raise
    except Exception as error:  # whatever Pillow and its decoders throw at broken bytes
        advice = _("This is no photo we can read: send a JPEG, PNG or WebP.")
        raise ValidationError(advice, code="no_photo") from error


def _encode(upload: "File[bytes]") -> "ContentFile[bytes]":
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("The photo is too large. Please take a smaller one."), code="too_large")
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    target = BytesIO()
    upright.save(target, "JPEG", quality=QUALITY)  # written anew: nothing hidden comes along
    return ContentFile(target.getvalue(), name="photo.jpg")
