"""The demo's pictures, as images of the Wagtail library."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from django.core.files.images import ImageFile
from django.db import connection
from django.db.models import Count, Q
from wagtail.images import get_image_model
from wagtail.images.models import Image

from accounts.models import User
from anyberry.demo.source import PICTURES_DIR, DemoContentError, Record
from shop.catalog.renditions import ALL_SPECS, make_renditions


class Pictures:
    """Images by the names of their files; each is put into the library once, known again by its content."""

    def __init__(self, titles: dict[str, str], *, by: User) -> None:
        self.titles = titles
        self.by = by
        self.found: dict[str, Image] = {}

    def get(self, name: str) -> Image:
        """The image made of the file."""
        if name not in self.found:
            self.found[name] = self.load(PICTURES_DIR / name)
        return self.found[name]

    def load(self, path: Path) -> Image:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DemoContentError(f"pictures/{path.name}: {error}") from error
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # Wagtail's own key
        model = get_image_model()
        known: Image | None = model.objects.filter(file_hash=digest).order_by("pk").first()
        if known is not None:
            return known
        title = self.titles.get(path.name, path.stem)
        file = ImageFile(BytesIO(content), name=path.name)
        image: Image = model(
            title=title, file=file, file_hash=digest, file_size=len(content), uploaded_by_user=self.by
        )
        image.save()
        return image


def name_pictures(berries: Iterable[Record]) -> dict[str, str]:
    """Titles by file for editors who search the library: what the Russian page says the picture shows."""
    titles: dict[str, str] = {}
    for berry in berries:
        words = berry["ru"]
        titles.setdefault(berry["picture"], words["picture_alt"])
        for name, alt in zip(berry["gallery"], words["gallery_alt"], strict=True):
            titles.setdefault(name, alt)
    return titles


def warm_pictures() -> None:
    """Make every size that an image of the library still lacks, two images at a time.

    Threads are enough: Pillow lets go of the interpreter while it scales and encodes.
    """
    sizes = Count("renditions", filter=Q(renditions__filter_spec__in=ALL_SPECS))
    images = list(get_image_model().objects.annotate(sizes=sizes).filter(sizes__lt=len(ALL_SPECS)))
    with ThreadPoolExecutor(max_workers=2) as pool:
        for _done in pool.map(warm_picture, images):
            pass


def warm_picture(image: Image) -> None:
    """Make the sizes of one image; the thread's database connection is not kept."""
    try:
        make_renditions(image)
    finally:
        connection.close()
