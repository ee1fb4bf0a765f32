"""Feeds of new berries, of each category, and of the journal."""

from collections.abc import Iterable
from datetime import datetime, time

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.languages import get_active_language
from core.money import format_money
from core.templatetags.money import per_kg, weight
from home.journal.cards import find_articles
from home.journal.models import JournalPage
from home.pages.addresses import make_absolute
from home.pages.feeds import LONGEST, Channel, Item, ShopFeed, describe_channel, load_enclosures
from shop.catalog.cards import Card, build_cards
from shop.catalog.pages import BerryPage, BerryPageQuerySet, CatalogPage, CategoryPage


class NewBerries(ShopFeed):
    """The newest berries of the shop."""

    def describe(self, request: HttpRequest, **where: str) -> Channel:
        catalog = CatalogPage.objects.live().filter(locale__language_code=get_active_language()).first()
        link = catalog.get_url(request) if catalog else "/"
        title, text = _("New at Anyberry"), _("Fresh berries that have just come into the shop.")
        return describe_channel(request, "new", title, text, link or "/")

    def find(self, channel: Channel) -> Iterable[Item]:
        return list_berries(BerryPage.objects.for_language(channel.language))


class CategoryBerries(ShopFeed):
    """The newest berries of one category."""

    def describe(self, request: HttpRequest, **where: str) -> Channel:
        pages = CategoryPage.objects.live().filter(category__code=where["code"])
        page = pages.filter(locale__language_code=get_active_language()).first()
        if page is None:
            raise Http404
        title = _("%(category)s at Anyberry") % {"category": page.title}
        key = f"category/{where['code']}"
        return describe_channel(request, key, title, page.lead or page.title, page.get_url(request) or "/")

    def find(self, channel: Channel) -> Iterable[Item]:
        code = channel.key.removeprefix("category/")
        return list_berries(BerryPage.objects.for_language(channel.language).in_category(code))


class Journal(ShopFeed):
    """Articles and recipes."""

    def describe(self, request: HttpRequest, **where: str) -> Channel:
        page = JournalPage.objects.live().filter(locale__language_code=get_active_language()).first()
        if page is None:
            raise Http404
        title = _("The journal of Anyberry")
        return describe_channel(request, "journal", title, page.lead or title, page.get_url(request) or "/")

    def find(self, channel: Channel) -> Iterable[Item]:
        pages = list(find_articles(channel.language).select_related("author")[:LONGEST])
        enclosures = load_enclosures(page.picture_id for page in pages)
        for page in pages:
            published = timezone.make_aware(datetime.combine(page.published_on, time()))
            yield Item(
                # Both languages have the key; the language is in the tag.
                key=f"article/{page.translation_key}",
                title=page.title,
                url=make_absolute(page.get_url() or ""),
                html=format_html("<p>{}</p>", page.lead),
                published=published,
                updated=page.last_published_at or published,
                categories=[_("Recipes")] if page.is_recipe else [_("Articles")],
                author=page.author.name if page.author else "",
                enclosure=enclosures.get(page.picture_id or 0),
            )


def list_berries(pages: BerryPageQuerySet) -> list[Item]:
    """The newest of the pages with what the shop says of them now; four queries, however many there are."""
    newest = list(pages.for_cards().order_by("-first_published_at", "-pk")[:LONGEST])
    enclosures = load_enclosures(page.picture_id for page in newest)
    return [
        Item(
            key=f"berry/{page.berry_id}",
            title=card.title,
            url=make_absolute(card.url),
            html=describe_berry(card),
            published=page.first_published_at or page.berry.created_at,
            updated=page.last_published_at or page.berry.created_at,
            categories=[card.kind],
            enclosure=enclosures.get(page.picture_id or 0),
        )
        for page, card in zip(newest, build_cards(newest, None), strict=True)
    ]


def describe_berry(card: Card) -> SafeString:
    """The lead, with price and stock of the moment."""
    return format_html("<p>{}</p><p>{}</p>", card.lead, describe_offer(card))


def describe_offer(card: Card) -> str:
    """«500 г · 390 ₽ · 780 ₽/кг, в наличии», or that there is none."""
    if card.price is None or card.left <= 0:
        return _("Not in stock now.")
    price = f"{weight(card.weight_g)} · {format_money(card.price)} · {per_kg(card.price_per_kg)}"
    return _("%(price)s, in stock.") % {"price": price}
