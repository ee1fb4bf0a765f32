"""The product feed for Yandex, in its YML: every pack on sale, written while it is read."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from core.seller import get_seller
from shop.catalog.models import Berry, Category, Lot
from shop.catalog.pages import BerryPage
from shop.catalog.pricing import Price
from shop.catalog.renditions import SHARE_SPEC
from shop.catalog.repricing import find_next_change, list_special_prices

LANGUAGE = "ru"
CHUNK = 500
MAX_AGE = 600
LONGEST_TEXT = 3000
GRAMS_IN_KG = 1000
CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@require_safe
def show_yml(request: HttpRequest) -> StreamingHttpResponse:
    """The whole shop as Yandex reads it. Seven queries, however many packs there are; flat in memory.

    It may be kept for a while, but not past the next moment at which a price changes.
    """
    response = StreamingHttpResponse(write_yml(), content_type="application/xml; charset=utf-8")
    patch_cache_control(response, public=True, max_age=count_seconds(timezone.now()))
    return response


def count_seconds(now: datetime) -> int:
    """For how many seconds the prices of that moment hold; MAX_AGE at most."""
    change = find_next_change(now)
    return min(MAX_AGE, int((change - now).total_seconds())) if change else MAX_AGE


def write_yml() -> Iterator[str]:
    """The file, piece by piece."""
    with override(LANGUAGE):
        yield from write_shop()
    media = get_image_model().get_rendition_model()._meta.get_field("file").storage
    special = list_special_prices(timezone.now())
    for row in find_rows():
        # Each piece is written in the language of the file, whatever the thread speaks between two.
        with override(LANGUAGE):
            yield write_offer(row, special.get(row["pack"]) or Price(row["price"]), media)
    yield "</offers></shop></yml_catalog>\n"


def write_shop() -> Iterator[str]:
    """Everything before the offers."""
    seller = get_seller()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<yml_catalog date={quoteattr(timezone.localtime().isoformat(timespec='minutes'))}><shop>"
    yield write("name", seller.name) + write("company", seller.legal_name or seller.name)
    yield write("url", f"{settings.SITE_URL}/")
    yield '<currencies><currency id="RUB" rate="1"/></currencies><categories>'
    for category in Category.objects.all():
        yield write("category", category.name, id=category.pk)
    yield "</categories><offers>"


def find_rows() -> Iterator[dict[str, Any]]:
    """A row for each pack on sale whose berry has a live Russian page, read in portions of one query."""
    renditions = get_image_model().get_rendition_model().objects
    picture = renditions.filter(image=OuterRef("picture"), filter_spec=SHARE_SPEC).order_by().values("file")
    through = Berry.categories.through.objects.filter(berry=OuterRef("berry"))
    lots = Lot.objects.sellable(timezone.localdate()).filter(pack=OuterRef("berry__packs")).order_by()
    left = lots.values("pack").annotate(sum=Sum("left")).values("sum")
    pages = BerryPage.objects.for_language(LANGUAGE).filter(Q(berry__packs__is_active=True))
    rows = pages.order_by("berry", "berry__packs").annotate(
        pack=F("berry__packs"),
        price=F("berry__packs__price"),
        weight_g=F("berry__packs__weight_g"),
        file=Subquery(picture[:1]),
        group=Subquery(through.order_by("category__position").values("category")[:1]),
        left=Coalesce(Subquery(left), 0),
        origin=F("berry__origin_ru"),
        kind=F("berry__kind_ru"),
        variety=F("berry__variety_ru"),
    )
    names = ["pk", "title", "lead", "url_path", "berry_id", "pack", "price", "weight_g", "file", "group"]
    yield from rows.values(*names, "left", "origin", "kind", "variety").iterator(chunk_size=CHUNK)


def write_offer(row: dict[str, Any], price: Price, media: Any) -> str:
    """One pack, for what it costs now."""
    kilograms = (Decimal(row["weight_g"]) / GRAMS_IN_KG).normalize()
    parts = [
        write("name", f"{row['title']}, {row['weight_g']} г"),
        write("url", f"{settings.SITE_URL}{find_path(row['url_path'])}?pack={row['pack']}"),
        write("price", f"{price.amount:.2f}"),
        write("oldprice", f"{price.old:.2f}") if price.old else "",
        write("currencyId", "RUB"),
        write("categoryId", row["group"]) if row["group"] else "",
        write("picture", make_absolute(media.url(row["file"]))) if row["file"] else "",
        write("description", row["lead"][:LONGEST_TEXT]),
        write("count", row["left"]),
        write("weight", f"{kilograms:f}"),
        write("param", row["origin"], name="Происхождение"),
        write("param", row["variety"], name="Сорт") if row["variety"] else "",
    ]
    available = "true" if row["left"] else "false"
    return (
        f'<offer id="{row["pack"]}" group_id="{row["berry_id"]}" available="{available}">'
        f"{''.join(parts)}</offer>\n"
    )


def find_path(url_path: str) -> str:
    """The address of a page from its place in the tree: everything below the front page's own slug."""
    return "/" + url_path.split("/", 2)[2]


def make_absolute(url: str) -> str:
    """The address with the shop's host, where it has none of its own."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def write(tag: str, value: object, **attributes: object) -> str:
    """One element, its text and attributes safe for XML."""
    named = "".join(f" {name}={quoteattr(clean(text))}" for name, text in attributes.items())
    return f"<{tag}{named}>{escape(clean(value))}</{tag}>"


def clean(value: object) -> str:
    """The text without the signs that no XML may hold."""
    return str(value).translate(CONTROL)
