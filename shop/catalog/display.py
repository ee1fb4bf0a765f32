"""What the page of a berry shows, loaded in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Page

from shop.catalog.cards import Card, make_card
from shop.catalog.pages import BerryPage, CategoryPage
from shop.catalog.previews import PreviewMode
from shop.catalog.renditions import Picture, load_pictures
from shop.catalog.services import Offer, choose_offer, list_offers

RELATED_COUNT = 4
Crumb = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of the gallery."""

    number: int
    picture: Picture
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class BerryDisplay:
    """Everything about a berry at this moment; `offer` is the pack that is chosen."""

    offers: Sequence[Offer]
    offer: Offer | None
    slides: Sequence[Slide]
    related: Sequence[Card]
    ancestors: Sequence[Page]

    @property
    def similar(self) -> Page:
        """Where there are more of the kind: the category's page, else the catalog."""
        return self.ancestors[-1]

    @property
    def is_in_stock(self) -> bool:
        """Whether any pack can be bought."""
        return any(offer.left for offer in self.offers)

    def pretend(self, mode: PreviewMode) -> Self:
        """The same on a day when all is sold out, if an editor asked for that; prices stay true."""
        if mode != PreviewMode.SOLD_OUT:
            return self
        offers = [replace(offer, left=0, best_before=None) for offer in self.offers]
        return replace(
            self, offers=offers, offer=self.offer and replace(self.offer, left=0, best_before=None)
        )


def load_berry(request: HttpRequest, page: BerryPage, pack_id: str) -> BerryDisplay:
    """What the page shows; `pack_id` is the shopper's choice, ignored unless it is a pack of this berry."""
    related = list_related(page)
    offers = list_offers([page.berry_id, *(other.berry_id for other in related)])
    images = list_images(page)
    pictures = load_pictures(
        [*(image for image, _alt, _caption in images), *(other.picture for other in related)]
    )
    own = offers[page.berry_id]
    return BerryDisplay(
        offers=own,
        offer=next((offer for offer in own if str(offer.pack_id) == pack_id), None) or choose_offer(own),
        slides=[
            Slide(number, pictures[i.pk], alt, text) for number, (i, alt, text) in enumerate(images, start=1)
        ],
        related=[
            make_card(other, offers[other.berry_id], pictures.get(other.picture_id or 0), request)
            for other in related
        ],
        ancestors=list_ancestors(page),
    )


def list_related(page: BerryPage) -> list[BerryPage]:
    """Pages in the same language about the berries that go well with this one, but for those in its body."""
    pages = BerryPage.objects.live().filter(
        locale=page.locale_id, berry__is_active=True, berry__in=page.berry.related.all()
    )
    shown = [
        berry.pk
        for block in page.body
        if block.block_type == "related_berries"
        for berry in block.value["berries"]
        if berry is not None  # a deleted record leaves a gap
    ]
    return list(pages.exclude(berry__in=shown).for_cards().order_by("title", "pk")[:RELATED_COUNT])


def list_images(page: BerryPage) -> list[tuple[AbstractImage, str, str]]:
    """The page's picture and those of its gallery, with alternative text and caption, in one query."""
    wanted = [(page.picture_id, page.picture_alt or page.title, "")]
    values = [block["value"] for block in page.gallery.raw_data]
    wanted += [(value.get("image"), value.get("alt", ""), value.get("caption", "")) for value in values]
    images = get_image_model().objects.in_bulk({pk for pk, _alt, _caption in wanted if pk})
    return [(images[pk], alt, caption) for pk, alt, caption in wanted if pk in images]


def list_ancestors(page: BerryPage) -> list[Page]:
    """The catalog page, and the page of the berry's first category where it has one, in one query."""
    categories = CategoryPage.objects.live().filter(locale=page.locale_id, category__berries=page.berry_id)
    first = categories.order_by("category__position", "pk").values("pk")[:1]
    catalog = page.path[: -page.steplen]
    return list(Page.objects.filter(Q(path=catalog) | Q(pk__in=first)).order_by("depth", "path"))


def list_breadcrumbs(request: HttpRequest, *pages: Page | None) -> list[Crumb]:
    """The way from the front page over the pages to the last of them."""
    crumbs = [(_("Home"), reverse("wagtail_serve", args=[""]))]
    return crumbs + [(page.title, page.get_url(request) or "") for page in pages if page is not None]
