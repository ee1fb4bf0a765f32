"""What a recipe needs for so many people, and which packs of the shop that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from wagtail.blocks import StructValue

from core.languages import get_active_language
from core.money import NBSP
from core.templatetags.money import weight
from home.journal.models import MOST_PEOPLE, RecipePage
from shop.catalog.cards import BerryTitle, get_titles
from shop.catalog.packing import choose_packs, weigh
from shop.catalog.packing import price as price_of
from shop.catalog.services import Offer, list_offers

GRAM_STEP = 5  # nobody weighs 133 grams
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PackChoice:
    """So many packs of one size."""

    pack_id: int
    quantity: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One line of the list: how much of what. `packs` are what the shop would sell for it."""

    name: str
    amount: str
    note: str = ""
    url: str = ""
    berry_id: int | None = None
    packs: tuple[PackChoice, ...] = ()
    price: Decimal = Decimal(0)
    is_enough: bool = True

    @property
    def line(self) -> str:
        """The whole line as text, as search engines want it."""
        words = " ".join(part for part in (self.amount, self.name) if part)
        return f"{words}, {self.note}" if self.note else words


@dataclass(frozen=True, slots=True)
class Kitchen:
    """A recipe's ingredients for so many people, and what its berries cost now."""

    people: int
    ingredients: tuple[Ingredient, ...]

    @property
    def berries(self) -> list[Ingredient]:
        """The lines that the shop sells."""
        return [line for line in self.ingredients if line.berry_id]

    @property
    def wanted(self) -> dict[int, int]:
        """What goes into the cart: pack → how many."""
        wanted: dict[int, int] = {}
        for pack in (pack for line in self.berries for pack in line.packs):
            wanted[pack.pack_id] = wanted.get(pack.pack_id, 0) + pack.quantity
        return wanted

    @property
    def price(self) -> Decimal:
        """What all of that costs."""
        return sum((line.price for line in self.berries), Decimal(0))

    @property
    def absent(self) -> list[Ingredient]:
        """The berries of which the shop has too little now."""
        return [line for line in self.berries if not line.is_enough]


def read_people(text: str, page: RecipePage) -> int:
    """The number of people somebody asked for; the recipe's own for anything that is none."""
    return next((number for number in range(1, MOST_PEOPLE + 1) if text == str(number)), page.servings)


def plan_recipe(page: RecipePage, people: int) -> Kitchen:
    """The ingredients for so many people: four queries, however many there are."""
    share = Decimal(people) / page.servings
    # A record that was deleted leaves a gap in the block.
    ids = [b.value["berry"].pk for b in page.ingredients if b.block_type == "berry" and b.value["berry"]]
    offers, titles = list_offers(ids), get_titles(ids, get_active_language())
    lines = []
    for block in page.ingredients:
        if block.block_type == "other":
            lines.append(_plan_other(block.value, share))
        elif block.value["berry"]:
            berry_id = block.value["berry"].pk
            lines.append(_plan_berry(block.value, share, titles[berry_id], offers[berry_id]))
    return Kitchen(people, tuple(lines))


def _plan_other(value: StructValue, share: Decimal) -> Ingredient:
    return Ingredient(name=value["name"], amount=write_amount(value["amount"], value["unit"], share))


def _plan_berry(value: StructValue, share: Decimal, title: BerryTitle, offers: Sequence[Offer]) -> Ingredient:
    grams = round_grams(value["grams"] * share)
    choice = choose_packs(offers, grams)
    packs = [
        PackChoice(offer.pack_id, choice[offer.pack_id], offer.weight_g)
        for offer in offers
        if offer.pack_id in choice
    ]
    return Ingredient(
        name=title.title,
        amount=weight(grams),
        note=value["note"],
        url=title.url,
        berry_id=value["berry"].pk,
        packs=tuple(packs),
        price=price_of(offers, choice),
        is_enough=weigh(offers, choice) >= grams,
    )


def round_grams(grams: Decimal) -> int:
    """To a weight that kitchen scales can show, never to nothing."""
    return max(GRAM_STEP, round(grams / GRAM_STEP) * GRAM_STEP)


def write_amount(amount: Decimal | None, unit: str, share: Decimal) -> str:
    """«150 г», «1,5 ч. л.», or only the unit where there is no amount."""
    if amount is None:
        return unit
    scaled = (Decimal(amount) * share).quantize(CENT)
    number = number_format(f"{scaled.normalize():f}", use_l10n=True)
    return f"{number}{NBSP}{unit}".strip(f" {NBSP}")
