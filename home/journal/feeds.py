"""Feeds of what is new in the shop, one for each language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from core.languages import get_active_language
from core.money import format_money
from home.pages.addresses import make_absolute
from shop.catalog.cards import Card, build_cards
from shop.catalog.pages import BerryPage
from shop.catalog.renditions import SHARE_SPEC

ITEMS = 20


@dataclass(frozen=True, slots=True)
class Channel:
    """The feed of one language as one request asks for it."""

    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """A berry with what the shop says of it at this moment, and its picture for readers that show one."""

    page: BerryPage
    card: Card
    enclosure: Enclosure | None


class NewBerriesRss(Feed[Item, Channel]):
    """The newest berries as RSS 2.0."""

    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Channel:
        """The feed of the address's language."""
        return Channel(language=get_active_language(), url=make_absolute(request.path))

    def title(self, obj: Channel) -> str:
        return _("New at Anyberry")

    def description(self, obj: Channel) -> str:
        return _("Fresh berries that have just come into the shop.")

    subtitle = description

    def link(self, obj: Channel) -> str:
        return make_absolute(reverse("wagtail_serve", args=[""]))

    def feed_url(self, obj: Channel) -> str:
        return obj.url

    def feed_guid(self, obj: Channel) -> str:
        return f"tag:anyberry,2026:feed/{obj.language}"

    def ttl(self, obj: Channel) -> str:
        return "60"

    def items(self, obj: Channel) -> list[Item]:
        """The newest berries first; four queries, however many there are."""
        pages = (
            BerryPage.objects.for_language(obj.language)
            .defer_streamfields()
            .select_related("berry", "picture")
        )
        newest = list(pages.order_by("-first_published_at", "-pk")[:ITEMS])
        enclosures = load_enclosures(page.picture_id for page in newest)
        cards = build_cards(newest, None)
        return [
            Item(page, card, enclosures.get(page.picture_id or 0))
            for page, card in zip(newest, cards, strict=True)
        ]

    def item_title(self, item: Item) -> str:
        return item.card.title

    def item_description(self, item: Item) -> str:
        """The lead, with price and stock of the moment."""
        return format_html("<p>{}</p><p>{}</p>", item.card.lead, describe_offer(item.card))

    def item_link(self, item: Item) -> str:
        return make_absolute(item.card.url)

    def item_guid(self, item: Item) -> str:
        """The same for ever, whatever becomes of the address."""
        return f"tag:anyberry,2026:berry/{item.page.berry_id}/{get_active_language()}"

    def item_pubdate(self, item: Item) -> datetime | None:
        return item.page.first_published_at

    def item_updateddate(self, item: Item) -> datetime | None:
        return item.page.last_published_at

    def item_categories(self, item: Item) -> list[str]:
        return [item.card.kind]

    def item_enclosures(self, item: Item) -> list[Enclosure]:
        return [item.enclosure] if item.enclosure else []


class NewBerriesAtom(NewBerriesRss):
    """The same as Atom 1.0."""

    feed_type = Atom1Feed


def describe_offer(card: Card) -> str:
    """«500 г — 390 ₽, в наличии», or that there is none."""
    if card.price is None or card.left <= 0:
        return _("Not in stock now.")
    return _("%(weight)s g for %(price)s, in stock.") % {
        "weight": card.weight_g,
        "price": format_money(card.price),
    }


def load_enclosures(image_ids: Iterable[int | None]) -> dict[int, Enclosure]:
    """Each image's picture for sharing, as far as it was made, by the image's id. One query."""
    model = get_image_model().get_rendition_model()
    made = model.objects.filter(image_id__in=[pk for pk in image_ids if pk], filter_spec=SHARE_SPEC)
    return {
        rendition.image_id: Enclosure(make_absolute(rendition.url), str(rendition.file.size), "image/jpeg")
        for rendition in made
    }
