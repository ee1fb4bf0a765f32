"""What all feeds share: RSS 2.0 and Atom 1.0, and a page for people who open one in a browser."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, Stylesheet
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe
from wagtail.images import get_image_model

from core.languages import get_active_language
from home.pages.addresses import make_absolute
from shop.catalog.renditions import SHARE_SPEC

LONGEST = 20  # items
PUBLIC = {"public": True, "max_age": 300}
XML_TYPES = ["application/rss+xml", "application/atom+xml", "application/xml"]
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed in one language as one request asks for it. `key` is its name for ever."""

    key: str
    title: str
    description: str
    link: str
    url: str
    language: str
    subject: Any = None


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `key` is its name for ever, whatever becomes of its address; `html` may hold markup."""

    key: str
    title: str
    url: str
    html: str
    published: datetime | None
    updated: datetime | None
    categories: Sequence[str] = ()
    author: str = ""
    enclosure: Enclosure | None = None


def make_printable(text: str) -> str:
    """The text without the signs that no XML may hold."""
    return UNPRINTABLE.sub("", text)


def make_tag(key: str, language: str) -> str:
    """A name that is nobody else's and no address (RFC 4151)."""
    return f"tag:anyberry,2026:{key}/{language}"


class Rss(Rss201rev2Feed):
    """RSS 2.0 with the shop's sign."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """The usual elements, and the picture of the channel."""
        super().add_root_elements(handler)
        handler.startElement("image", AttributesImpl({}))
        handler.addQuickElement("url", self.feed["logo"])
        handler.addQuickElement("title", self.feed["title"])
        handler.addQuickElement("link", self.feed["link"])
        handler.endElement("image")


class Atom(Atom1Feed):
    """Atom 1.0 with the shop's sign."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """The usual elements, and the picture of the feed."""
        super().add_root_elements(handler)
        handler.addQuickElement("logo", self.feed["logo"])


class ShopFeed(Feed[Item, Channel]):
    """A feed of the shop: subclasses say what it is about (`describe`) and what is in it (`find`)."""

    item_guid_is_permalink = False

    def __init__(self, kind: type[Rss] | type[Atom]) -> None:
        self.feed_type = kind

    def describe(self, request: HttpRequest, **where: str) -> Channel:
        """The channel of an address. Raises Http404 where there is none."""
        raise NotImplementedError

    def find(self, channel: Channel) -> Iterable[Item]:
        """Its newest items first, in a number of queries that does not grow with them."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest, *args: object, **kwargs: str) -> Channel:
        return self.describe(request, **kwargs)

    def title(self, obj: Channel) -> str:
        return make_printable(obj.title)

    def description(self, obj: Channel) -> str:
        return make_printable(obj.description)

    subtitle = description

    def link(self, obj: Channel) -> str:
        return obj.link

    def feed_url(self, obj: Channel) -> str:
        return obj.url

    def feed_guid(self, obj: Channel) -> str:
        return make_tag(f"feed/{obj.key}", obj.language)

    def ttl(self) -> str:
        return "60"

    def author_name(self) -> str:
        return settings.SITE_NAME

    def stylesheets(self) -> list[Stylesheet]:
        return [Stylesheet(static("css/pages/feed.css"), mimetype="text/css")]

    def feed_extra_kwargs(self, obj: Channel) -> dict[str, Any]:
        return {"logo": make_absolute(static("img/icon-192.png"))}

    def items(self, obj: Channel) -> list[Item]:
        return list(self.find(obj))

    def item_title(self, item: Item) -> str:
        return make_printable(item.title)

    def item_description(self, item: Item) -> str:
        return make_printable(item.html)

    def item_link(self, item: Item) -> str:
        return item.url

    def item_guid(self, item: Item) -> str:
        return make_tag(item.key, get_active_language())

    def item_pubdate(self, item: Item) -> datetime | None:
        return item.published

    def item_updateddate(self, item: Item) -> datetime | None:
        return item.updated

    def item_categories(self, item: Item) -> list[str]:
        return [make_printable(name) for name in item.categories]

    def item_author_name(self, item: Item) -> str:
        return make_printable(item.author)

    def item_enclosures(self, item: Item) -> list[Enclosure]:
        return [item.enclosure] if item.enclosure else []


def describe_channel(request: HttpRequest, key: str, title: str, description: str, link: str) -> Channel:
    """The channel of the active language at the address asked for."""
    url = make_absolute(request.path)
    return Channel(key, title, description, make_absolute(link), url, get_active_language())


def load_enclosures(image_ids: Iterable[int | None]) -> dict[int, Enclosure]:
    """Each image's picture for sharing, as far as it was made, by the image's id. One query."""
    model = get_image_model().get_rendition_model()
    made = model.objects.filter(image_id__in=[pk for pk in image_ids if pk], filter_spec=SHARE_SPEC)
    return {
        rendition.image_id: Enclosure(make_absolute(rendition.url), str(rendition.file.size), "image/jpeg")
        for rendition in made
    }


# --- Addresses --------------------------------------------------------------------


def publish(feed: ShopFeed) -> Callable[..., HttpResponse]:
    """The view of a feed: XML for readers, which anybody may keep; a page with the same items for people.

    The page's header knows the visitor: it is nobody else's.
    """

    @require_safe
    @conditional_page
    def show(request: HttpRequest, **where: str) -> HttpResponse:
        for_people = request.get_preferred_type([*XML_TYPES, "text/html"]) == "text/html"
        response = show_page(request, feed, where) if for_people else feed(request, **where)
        patch_cache_control(response, **({"private": True} if for_people else PUBLIC))
        patch_vary_headers(response, ["Accept", "Cookie"] if for_people else ["Accept"])
        return response

    return show


def show_page(request: HttpRequest, feed: ShopFeed, where: dict[str, str]) -> HttpResponse:
    """What a browser gets: what the feed is for, its address, and its items."""
    channel = feed.describe(request, **where)
    context = {"channel": channel, "items": feed.items(channel)}
    return TemplateResponse(request, "home/feed.html", context).render()


def list_urls(prefix: str, name: str, feed: type[ShopFeed]) -> list[URLPattern]:
    """Both addresses of a feed: `feed-<name>-rss` and `feed-<name>-atom`."""
    return [
        path(f"feed/{prefix}", publish(feed(Rss)), name=f"feed-{name}rss"),
        path(f"feed/{prefix}atom/", publish(feed(Atom)), name=f"feed-{name}atom"),
    ]
