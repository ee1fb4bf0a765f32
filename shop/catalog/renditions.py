"""The sizes pictures are shown in. They are made when a page is published, never in a shopper's request."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

CACHE_SECONDS = 3600
KEPT = "picture:2"  # another number where `Picture` gets other fields
SHARE_SPEC = "fill-1200x630|format-jpeg"
WIDTHS = (320, 640, 1280)
FORMATS = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg"}
PICTURE_SPECS = tuple(
    Filter.expand_spec(f"format-{{{','.join(FORMATS)}}}|width-{{{','.join(map(str, WIDTHS))}}}")
)
ALL_SPECS = (*PICTURE_SPECS, SHARE_SPEC)


@dataclass(frozen=True, slots=True)
class Source:
    """One `<source>` of a picture."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What `components/picture.html` draws: the widest JPEG, and the modern formats beside it."""

    url: str
    width: int
    height: int
    srcset: str = ""
    sources: tuple[Source, ...] = ()
    share_url: str = ""
    focus: str = ""  # classes of what must stay in sight where CSS cuts the picture; "" for its middle


def make_renditions(image: AbstractImage) -> None:
    """Make the sizes that are still missing."""
    made = set(image.renditions.filter(filter_spec__in=ALL_SPECS).values_list("filter_spec", flat=True))
    for spec in ALL_SPECS:
        if spec not in made:
            make_rendition(image, Filter(spec))
    cache.delete(_cache_key(image))


def make_rendition(image: AbstractImage, size: Filter) -> None:
    """Make one size; unlike `image.get_rendition` it leaves no temporary file open."""
    with image.generate_rendition_file(size) as file:
        image.renditions.get_or_create(
            filter_spec=size.spec, focal_point_key=size.get_cache_key(image), defaults={"file": file}
        )


def load_pictures(images: Iterable[AbstractImage | None]) -> dict[int, Picture]:
    """The picture of each image by the image's id, from the cache or else in one query.

    Sizes not made yet are left out; an image without any is drawn from its original.
    """
    wanted = {_cache_key(image): image for image in images if image is not None}
    known: dict[str, Picture] = cache.get_many(list(wanted)) if wanted else {}
    pictures = {wanted[key].pk: picture for key, picture in known.items()}
    return pictures | _read_pictures([image for key, image in wanted.items() if key not in known])


def _read_pictures(images: Sequence[AbstractImage]) -> dict[int, Picture]:
    """The pictures as the database has them; those with all their sizes are kept in the cache."""
    made: dict[int, list[AbstractRendition]] = {image.pk: [] for image in images}
    rendition_model = get_image_model().get_rendition_model()
    rows = rendition_model.objects.filter(image_id__in=list(made), filter_spec__in=ALL_SPECS) if made else []
    for rendition in rows:
        made[rendition.image_id].append(rendition)
    pictures = {image.pk: _make_picture(image, made[image.pk]) for image in images}
    complete = {_cache_key(i): pictures[i.pk] for i in images if len(made[i.pk]) == len(ALL_SPECS)}
    if complete:
        cache.set_many(complete, CACHE_SECONDS)
    return pictures


def _cache_key(image: AbstractImage) -> str:
    """Another file or another focal point is another picture."""
    focus = (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)
    return f"{KEPT}:{image.pk}:{zlib.crc32(repr((image.file.name, focus)).encode()):x}"


def _make_picture(image: AbstractImage, renditions: list[AbstractRendition]) -> Picture:
    """The picture of one image from the sizes that exist."""
    by_format = {name: _pick_format(renditions, name) for name in FORMATS}
    share = next((rendition.url for rendition in renditions if rendition.filter_spec == SHARE_SPEC), "")
    jpegs, focus = by_format.pop("jpeg"), name_focus(image)
    if not jpegs:
        url = image.file.url
        return Picture(url, image.width, image.height, share_url=share or url, focus=focus)
    sources = [Source(FORMATS[name], _write_srcset(sizes)) for name, sizes in by_format.items() if sizes]
    widest = jpegs[-1]
    return Picture(
        url=widest.url,
        width=widest.width,
        height=widest.height,
        srcset=_write_srcset(jpegs),
        sources=tuple(sources),
        share_url=share or widest.url,
        focus=focus,
    )


def name_focus(image: AbstractImage) -> str:
    """The classes that keep the focal point in sight, in tenths of width and height; none without one."""
    if not image.has_focal_point():
        return ""
    across = min(10, round(10 * image.focal_point_x / image.width))
    down = min(10, round(10 * image.focal_point_y / image.height))
    return f"focus-x-{across} focus-y-{down}"


def _pick_format(renditions: list[AbstractRendition], name: str) -> list[AbstractRendition]:
    """The renditions of a format from narrow to wide; a small original gives one width several times."""
    by_width = {r.width: r for r in renditions if r.filter_spec.startswith(f"format-{name}|")}
    return [by_width[width] for width in sorted(by_width)]


def _write_srcset(renditions: list[AbstractRendition]) -> str:
    return ", ".join(f"{rendition.url} {rendition.width}w" for rendition in renditions)
