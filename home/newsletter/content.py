"""What an issue says in its language: its blocks with everything they point at, in a fixed number of queries.

Berries carry price and season of the moment, or the frozen ones of a letter that was sent. What is gone
(a page, a picture, an article not translated) is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Page

from core.money import format_money
from core.templatetags.money import weight
from home.journal.models import ArticlePage
from home.newsletter.models import NewsletterPage
from home.newsletter.richtext import expand_for_mail, write_as_text
from home.pages.addresses import make_absolute
from shop.catalog.cards import get_titles
from shop.catalog.models import Berry
from shop.catalog.renditions import Picture, load_pictures, make_renditions
from shop.catalog.seasons import name_months
from shop.catalog.services import choose_offer, list_offers

Facts = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class BerryFact:
    """One berry as a letter shows it: texts in the letter's language, amounts written out."""

    title: str
    url: str
    picture: str
    price: str  # "" where no pack is on sale
    per_kg: str
    weight: str
    season: str
    is_in_season: bool
    is_in_stock: bool

    @property
    def note(self) -> str:
        """«Разобрали. Сезон: июнь — август», in the active language."""
        stock = "" if self.is_in_stock else _("Sold out.")
        if self.is_in_season:
            season = f"{_('In season now')} ({self.season})"
        else:
            season = _("Season: %(months)s") % {"months": self.season} if self.season else ""
        return " ".join(filter(None, (stock, season)))


@dataclass(frozen=True, slots=True)
class Article:
    """One article as a letter shows it, drawn as a berry is; `note` is its lead."""

    title: str
    url: str
    note: str
    picture: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of an issue, ready to be drawn by the template of its kind."""

    kind: str
    title: str = ""
    html: str = ""
    text: str = ""
    url: str = ""
    picture: Picture | None = None
    items: tuple[BerryFact | Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the blocks point at, by id."""

    berries: dict[int, BerryFact]
    articles: dict[int, Article]
    pictures: dict[int, Picture]
    links: dict[int, str]


def build_pieces(page: NewsletterPage, facts: Facts | None = None) -> list[Piece]:
    """The blocks of an issue in its language. `facts`: frozen ones, which win over those of the moment."""
    blocks = [(block["type"], block["value"]) for block in page.body.raw_data]
    with translation.override(page.locale.language_code):
        found = find_all(blocks, page.locale.language_code, facts)
        pieces = (build_piece(kind, value, found) for kind, value in blocks)
        return [piece for piece in pieces if piece is not None]


def gather_facts(page: NewsletterPage) -> Facts:
    """What the issue's berries cost at this moment and when they ripen, to be frozen."""
    blocks = [(block["type"], block["value"]) for block in page.body.raw_data]
    language = page.locale.language_code
    with translation.override(language):
        berries = describe_berries(list_ids(blocks, "berries", "berries"), language)
    return {str(pk): asdict(fact) for pk, fact in berries.items()}


def make_pictures(page: NewsletterPage) -> None:
    """Make every size of the issue's pictures that is still missing: a letter can't be mended later."""
    blocks = [(block["type"], block["value"]) for block in page.body.raw_data]
    for image in get_image_model().objects.filter(pk__in=list_image_ids(blocks)):
        make_renditions(image)


# --- One block ----------------------------------------------------------------------


def build_piece(kind: str, value: Any, found: Found) -> Piece | None:
    """The block ready to be drawn; None where nothing of it is left."""
    if kind == "text":
        html = expand_for_mail(value or "")
        return Piece(kind, html=html, text=write_as_text(html)) if html.strip() else None
    if kind == "picture":
        return build_picture(value, found)
    if kind == "action":
        url = value.get("url") or found.links.get(value.get("page") or 0, "")
        return Piece(kind, title=value["label"], url=url) if url else None
    known: dict[int, Any] = found.berries if kind == "berries" else found.articles
    items = tuple(known[pk] for pk in read_list(value.get(kind)) if pk in known)
    return Piece(kind, title=value["title"], items=items) if items else None


def build_picture(value: dict[str, Any], found: Found) -> Piece | None:
    """A picture with its words."""
    picture = found.pictures.get(value.get("image") or 0)
    if picture is None:
        return None
    return Piece("picture", title=value.get("alt", ""), text=value.get("caption", ""), picture=picture)


# --- What blocks point at -----------------------------------------------------------


def find_all(blocks: list[tuple[str, Any]], language: str, facts: Facts | None) -> Found:
    """Load what the blocks point at, as far as it is there and public."""
    berry_ids = list_ids(blocks, "berries", "berries")
    frozen = {int(pk): BerryFact(**fact) for pk, fact in (facts or {}).items()}
    images = get_image_model().objects.filter(pk__in=list_image_ids(blocks))
    page_ids = {value.get("page") for kind, value in blocks if kind == "action" and value.get("page")}
    return Found(
        berries=describe_berries([pk for pk in berry_ids if pk not in frozen], language) | frozen,
        articles=describe_articles(list_ids(blocks, "articles", "articles"), language),
        pictures=load_pictures(images),
        links={
            pk: make_absolute(page.get_url() or "")
            for pk, page in find_versions(Page, page_ids, language).items()
        },
    )


def describe_berries(berry_ids: Iterable[int], language: str) -> dict[int, BerryFact]:
    """The berries as they are now; those that don't exist are left out."""
    berries = Berry.objects.in_bulk(list(berry_ids))
    titles, offers = get_titles(berries, language), list_offers(berries)
    today = timezone.localdate()
    facts = {}
    for pk, berry in berries.items():
        offer, title = choose_offer(offers[pk]), titles[pk]
        facts[pk] = BerryFact(
            title=title.title,
            url=make_absolute(title.url),
            picture=pick_small(title.image),
            price=format_money(offer.price) if offer else "",
            per_kg=format_money(offer.price_per_kg) if offer else "",
            weight=weight(offer.weight_g) if offer else "",
            season=name_months(berry.season_months),
            is_in_season=berry.is_in_season(today),
            is_in_stock=bool(offer and offer.left > 0),
        )
    return facts


def describe_articles(page_ids: Iterable[int], language: str) -> dict[int, Article]:
    """The articles in the language, by the id of the version that the editor chose."""
    pages = find_versions(ArticlePage, set(page_ids), language)
    pictures = load_pictures(page.picture for page in pages.values())
    return {
        pk: Article(
            title=page.title,
            url=make_absolute(page.get_url() or ""),
            note=page.lead,
            picture=pick_small(pictures.get(page.picture_id or 0)),
        )
        for pk, page in pages.items()
    }


def find_versions(model: Any, page_ids: set[Any], language: str) -> dict[int, Any]:
    """The live version in the language of each page, by the page's own id. Two queries."""
    if not page_ids:
        return {}
    keys = dict(model.objects.filter(pk__in=page_ids).values_list("pk", "translation_key"))
    live = model.objects.live().filter(locale__language_code=language, translation_key__in=keys.values())
    by_key = {page.translation_key: page for page in live}
    return {pk: by_key[key] for pk, key in keys.items() if key in by_key}


def pick_small(picture: Picture | None) -> str:
    """The narrowest JPEG of a picture."""
    return make_absolute(picture.srcset.partition(" ")[0] or picture.url) if picture else ""


def list_ids(blocks: list[tuple[str, Any]], kind: str, name: str) -> list[int]:
    """The ids in the lists of all blocks of a kind, in order."""
    return [pk for found, value in blocks if found == kind for pk in read_list(value.get(name))]


def list_image_ids(blocks: list[tuple[str, Any]]) -> list[int]:
    return [value["image"] for kind, value in blocks if kind == "picture" and value.get("image")]


def read_list(value: Any) -> Iterator[int]:
    """The ids of a ListBlock as it is stored."""
    for item in value or []:
        pk = item.get("value") if isinstance(item, dict) else item
        if isinstance(pk, int):
            yield pk
