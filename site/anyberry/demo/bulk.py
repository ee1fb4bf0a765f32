"""A big catalog of invented berries, for measuring. Berry number N is the same on every run.

Everything is written with COPY, a few thousand berries at a time: records, packs, lots with their movements,
a page in each language, and the search index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.models import Locale, Page

from anyberry.demo.bulk_index import index_pages
from anyberry.demo.bulk_words import (
    FARMS,
    FIRST_NAMES,
    KINDS,
    ORIGINS,
    SECOND_NAMES,
    SYLLABLES,
    TASTES,
    USES,
    Pair,
)
from anyberry.demo.copying import copy_pairs, copy_rows, reserve_ids
from anyberry.demo.streams import build_body
from anyberry.demo.tree import make_key
from shop.catalog.models import Berry, Category, Lot, Pack, StockMovement
from shop.catalog.pages import BerryPage, CatalogPage
from shop.catalog.tags import Tag

CHUNK = 2_000
PREFIX = "bulk-"
WEIGHTS = (125, 250, 500, 1000, 2000)


@dataclass(slots=True)
class Batch:
    """Rows that are not written yet."""

    berries: list[Berry] = field(default_factory=list)
    categories: list[tuple[int, int]] = field(default_factory=list)
    packs: list[Pack] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    movements: list[StockMovement] = field(default_factory=list)
    pages: list[BerryPage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the pages of one language go: below its catalog page."""

    code: str
    locale: Locale
    parent: CatalogPage
    taken: int  # the number of the last child's place


def load_bulk(total: int, *, say: Callable[[str], object]) -> None:
    """Add invented berries until the catalog has `total` of them. The demo must be loaded."""
    made = Berry.objects.filter(code__startswith=PREFIX).count()
    missing = range(made, made + total - Berry.objects.count())
    category_ids = list(Category.objects.values_list("pk", flat=True))
    image_ids = list(Image.objects.order_by("pk").values_list("pk", flat=True))
    for place in range(0, len(missing), CHUNK):
        numbers = missing[place : place + CHUNK]
        say(f"invented berries {numbers.start + 1}–{numbers.stop}")
        with transaction.atomic():
            load_chunk(numbers, category_ids, image_ids)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def load_chunk(numbers: range, category_ids: Sequence[int], image_ids: Sequence[int]) -> None:
    """Invent and write the berries of these numbers."""
    batch = Batch()
    shelves = [find_shelf(code) for code in ("ru", "en")]
    content_type = ContentType.objects.get_for_model(BerryPage)
    for place, number in enumerate(numbers):
        chance = Random(number)
        berry = invent_berry(number, chance)
        batch.berries.append(berry)
        batch.packs += invent_packs(berry, chance)
        batch.categories += [(number, pk) for pk in chance.sample(category_ids, k=min(2, len(category_ids)))]
        image_id = chance.choice(image_ids) if image_ids else None
        for shelf in shelves:
            page = write_page(berry, shelf, number, place, image_id)
            page.content_type = content_type
            batch.pages.append(page)
    number_rows(batch, numbers)
    write_batch(batch)
    for shelf in shelves:
        Page.objects.filter(pk=shelf.parent.pk).update(numchild=F("numchild") + len(numbers))
    index_pages(batch.pages, batch.categories)


def find_shelf(code: str) -> Shelf:
    """The catalog page of the language, and how far its children's places are taken."""
    parent = CatalogPage.objects.select_related("locale").get(
        locale__language_code=code, translation_key=make_key("catalog")
    )
    last = parent.get_children().order_by("path").last()
    taken = int(last.path[-Page.steplen :], base=36) if last else 0
    return Shelf(code=code, locale=parent.locale, parent=parent, taken=taken)


# --- Inventing ----------------------------------------------------------------


def invent_berry(number: int, chance: Random) -> Berry:
    """A berry with a name, an origin and a season."""
    kind, origin = chance.choice(KINDS), chance.choice(ORIGINS)
    first = chance.choice(FIRST_NAMES)
    second = chance.choice(SECOND_NAMES) if chance.random() < 1 / 2 else invent_name(chance)
    start, length = chance.randint(1, 12), chance.randint(2, 7)
    return Berry(
        code=f"{PREFIX}{number:07d}",
        kind_ru=kind[0],
        kind_en=kind[1],
        variety_ru=f"{first[0]} {second[0]} {number}",
        variety_en=f"{first[1]} {second[1]} {number}",
        origin_ru=origin[0],
        origin_en=origin[1],
        season_months=sorted((start + month) % 12 + 1 for month in range(length)),
        tags=chance.sample(Tag.values, k=4),
        created_at=timezone.now() - timedelta(minutes=number % 500_000),
    )


def invent_name(chance: Random) -> Pair:
    """A word that no other language has: a big catalog has thousands of such names."""
    syllables = chance.choices(SYLLABLES, k=3)
    ru, en = ("".join(syllable[place] for syllable in syllables) for place in (0, 1))
    return ru.capitalize(), en.capitalize()


def invent_packs(berry: Berry, chance: Random) -> list[Pack]:
    """One to three packs, the first of them the default; bigger ones are cheaper by weight."""
    price_a_kilogram = chance.randrange(400, 2400, 10)
    weights = chance.sample(WEIGHTS, k=chance.choice((1, 1, 2, 3)))
    return [
        Pack(
            berry=berry,
            weight_g=weight,
            price=Decimal(round(price_a_kilogram * weight * (1.1 - weight / 10_000) / 1000) + 9),
            is_default=place == 0,
        )
        for place, weight in enumerate(weights)
    ]


def invent_lots(pack: Pack, chance: Random, today: date) -> list[Lot]:
    """None to two lots; some are sold out."""
    lots = []
    for _place in range(chance.choice((0, 1, 1, 2))):
        received = chance.randint(5, 80)
        farm = chance.choice(FARMS)
        harvested_on = today - timedelta(days=chance.randint(0, 3))
        lots.append(
            Lot(
                pack=pack,
                farm_ru=farm[0],
                farm_en=farm[1],
                harvested_on=harvested_on,
                best_before=today + timedelta(days=chance.randint(1, 60)),
                received=received,
                left=chance.choice((0, received, chance.randint(1, received))),
            )
        )
    return lots


def record_movements(lot: Lot) -> list[StockMovement]:
    """The movements that explain what is left of the lot."""
    received = StockMovement(lot=lot, kind=StockMovement.Kind.RECEIVED, quantity=lot.received)
    if lot.left == lot.received:
        return [received]
    sold = StockMovement(
        lot=lot, kind=StockMovement.Kind.SOLD, quantity=lot.left - lot.received, reference="demo"
    )
    return [received, sold]


# --- Words ----------------------------------------------------------------------


def write_page(berry: Berry, shelf: Shelf, number: int, place: int, image_id: int | None) -> BerryPage:
    """The page about the berry in one language, in the next free place of the tree."""
    words = write_words(berry, shelf.code, Random(number))
    slug = f"{berry.code}-{shelf.code}"
    path = Page._get_path(  # noqa: SLF001  treebeard has no public name for it
        shelf.parent.path, shelf.parent.depth + 1, shelf.taken + place + 1
    )
    return BerryPage(
        **words,
        berry=berry,
        picture_id=image_id,
        slug=slug,
        url_path=f"{shelf.parent.url_path}{slug}/",
        path=path,
        depth=shelf.parent.depth + 1,
        draft_title=words["title"],
        locale=shelf.locale,
        translation_key=make_key(f"berry/{berry.code}"),
        live=True,
        first_published_at=berry.created_at,
        last_published_at=berry.created_at,
    )


def write_words(berry: Berry, code: str, chance: Random) -> dict[str, str]:
    """Title, lead and body in the language."""
    taste, use, other = chance.choice(TASTES), *chance.sample(USES, k=2)
    if code == "ru":
        title = f"{berry.kind_ru} «{berry.variety_ru}»"
        lead = f"{title}: {taste[0]}. Везём из региона {berry.origin_ru}, хороша {use[0]}."
        text = f"<p>{lead} Собираем вручную, везём в тот же день.</p><p>Берут её {use[0]} и {other[0]}.</p>"
    else:
        title = f"{berry.kind_en} “{berry.variety_en}”"
        lead = f"{title}: {taste[1]}. It comes from {berry.origin_en} and is good {use[1]}."
        text = (
            f"<p>{lead} Picked by hand, sent the same day.</p><p>People take it {use[1]} and {other[1]}.</p>"
        )
    body = build_body([{"type": "text", "value": text}])
    return {
        "title": title,
        "lead": lead,
        "taste": pick(taste, code),
        "body": body,
        "search_description": lead,
    }


def pick(pair: Pair, code: str) -> str:
    """The text of the language."""
    return pair[0] if code == "ru" else pair[1]


# --- Writing ------------------------------------------------------------------------


def number_rows(batch: Batch, numbers: range) -> None:
    """Give every row its key, and each pack its lots, which chance draws from the pack's own number."""
    today = timezone.localdate()
    set_keys(Berry, batch.berries)
    for pack in batch.packs:
        pack.berry = pack.berry  # takes the key over
    set_keys(Pack, batch.packs)
    for pack in batch.packs:
        batch.lots += invent_lots(pack, Random(f"{pack.berry.code}/{pack.weight_g}"), today)
    for lot in batch.lots:
        lot.pack = lot.pack
    set_keys(Lot, batch.lots)
    for lot in batch.lots:
        batch.movements += record_movements(lot)  # made after the lots have theirs
    set_keys(StockMovement, batch.movements)
    for page in batch.pages:
        page.berry = page.berry
    set_page_keys(batch.pages)
    keys = {number: berry.pk for number, berry in zip(numbers, batch.berries, strict=True)}
    batch.categories = [(keys[number], category_id) for number, category_id in batch.categories]


def set_keys(
    model: type[Berry | Pack | Lot | StockMovement], rows: Sequence[Berry | Pack | Lot | StockMovement]
) -> None:
    """Reserve a key for each row."""
    for row, pk in zip(rows, reserve_ids(model, len(rows)), strict=True):
        row.pk = pk


def set_page_keys(pages: Sequence[BerryPage]) -> None:
    """Reserve a key for each page: one number for its row of all pages and its row of berry pages."""
    for page, pk in zip(pages, reserve_ids(Page, len(pages)), strict=True):
        page.id = page.page_ptr_id = pk


def write_batch(batch: Batch) -> None:
    """Write every row, what is pointed at first."""
    copy_rows(Berry, batch.berries)
    copy_pairs(Berry.categories.through, ["berry_id", "category_id"], batch.categories)
    copy_rows(Pack, batch.packs)
    copy_rows(Lot, batch.lots)
    copy_rows(StockMovement, batch.movements)
    copy_rows(Page, batch.pages)
    copy_rows(BerryPage, batch.pages)
