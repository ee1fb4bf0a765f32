from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Collection

from shop.catalog.renditions import make_renditions


@pytest.fixture
def make_image(db, settings, tmp_path) -> Callable[..., AbstractImage]:
    """Makes pictures, with all their sizes unless told otherwise."""
    settings.MEDIA_ROOT = tmp_path
    # Tests with transactions of their own leave a reused database without the rows that migrations made.
    Collection.get_first_root_node() or Collection.add_root(name="Root")

    def make(*, width: int = 64, height: int = 48, is_warm: bool = True) -> AbstractImage:
        file = BytesIO()
        PillowImage.new("RGB", (width, height), (190, 18, 60)).save(file, "JPEG")
        image = get_image_model().objects.create(
            title="berry", file=ContentFile(file.getvalue(), name="berry.jpg")
        )
        if is_warm:
            make_renditions(image)
        return image

    return make
