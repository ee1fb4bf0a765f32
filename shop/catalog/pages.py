"""The catalog's words: one page per language for the catalog, each category and each berry."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Lookup, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from core.blocks import ARTICLE_BLOCKS, PictureBlock
from core.localized import localize
from core.page_forms import PicturedPageForm
from shop.catalog.blocks import RelatedBerriesBlock
from shop.catalog.models import Berry, Category, Lot, Pack, PackQuerySet, StockMovement
from shop.catalog.panels import BerryFactsPanel
from shop.catalog.previews import BERRY_MODES, PreviewedPage
from shop.catalog.pricing import shown_price
from shop.catalog.tags import sign_tag

BACK_DAYS = 7


class CatalogPage(PreviewedPage):
    """The list of all berries."""

    view = "shop.catalog.views.show_catalog"
    lead = models.TextField(_("lead"), blank=True)

    max_count_per_parent = 1
    parent_page_types = ["home.FrontPage"]
    subpage_types = ["shop.CategoryPage", "shop.BerryPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("catalog page")
        verbose_name_plural = _("catalog pages")


class CategoryPage(PreviewedPage):
    """The words about one category; its berries come from the record."""

    view = "shop.catalog.views.show_category"
    served_with = ("picture",)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="pages", verbose_name=_("category")
    )
    lead = models.TextField(_("lead"), blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("What the picture shows, in a sentence."),
    )

    base_form_class = PicturedPageForm
    parent_page_types = ["shop.CatalogPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("category"),
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Picture")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead", boost=0.5)]

    class Meta:
        verbose_name = _("category page")
        verbose_name_plural = _("category pages")


def _has_stock(today: date) -> Exists:
    lots = Lot.objects.sellable(today).filter(pack__berry=OuterRef("berry"), pack__is_active=True)
    return Exists(lots.order_by())


def _came_back(today: date) -> Exists:
    """Whether a lot of the last days found older lots of the berry, and nothing left of them."""
    older = StockMovement.objects.filter(
        lot__pack__berry=OuterRef("pack__berry"), at__lt=OuterRef("received_at")
    ).order_by()
    keeping = older.filter(lot__best_before__gte=Cast(OuterRef("received_at"), models.DateField()))
    left = keeping.values("lot__pack__berry").annotate(sum=Sum("quantity")).values("sum")
    fresh = Lot.objects.sellable(today).filter(
        pack__berry=OuterRef("berry"), received_at__gte=timezone.now() - timedelta(days=BACK_DAYS)
    )
    return Exists(
        fresh.filter(Exists(older)).annotate(was_left=Coalesce(Subquery(left), 0)).filter(was_left=0)
    )


def _default_packs() -> PackQuerySet:
    return Pack.objects.filter(berry=OuterRef("berry"), is_default=True, is_active=True).order_by()


class BerryPageQuerySet(PageQuerySet):
    """Berry pages as lists ask for them."""

    def for_language(self, code: str) -> Self:
        """Live pages of one language about berries that are sold."""
        return self.live().filter(locale__language_code=code, berry__is_active=True)

    def for_locale(self, locale_id: int) -> Self:
        """The same for a page's own locale, which costs no look at the languages."""
        return self.live().filter(locale=locale_id, berry__is_active=True)

    def for_cards(self) -> Self:
        """Pages with what their cards need, and without the words that no card shows."""
        return self.defer_streamfields().select_related("berry", "picture")

    def in_category(self, code: str) -> Self:
        """Pages about berries of the category."""
        return self.filter(
            Exists(Berry.categories.through.objects.filter(berry=OuterRef("berry"), category__code=code))
        )

    def in_season(self, month: int) -> Self:
        """Pages about berries that ripen in the month (1–12)."""
        return self.filter(berry__season_months__contains=[month])

    def in_stock(self, today: date) -> Self:
        """Pages about berries of which at least one pack can be sold today."""
        return self.filter(_has_stock(today))

    def back_in_stock(self, today: date) -> Self:
        """Pages about berries that were sold before, then sold out, and came back within a week."""
        return self.filter(_came_back(today))

    def sold_out(self, today: date) -> Self:
        """All the others."""
        return self.filter(~_has_stock(today))

    def with_stock(self, today: date) -> Self:
        """Each page with `is_in_stock`."""
        return self.annotate(is_in_stock=_has_stock(today))

    def with_price(self) -> Self:
        """Each page with `price` and `price_per_kg` of the berry's default pack, None where it has none."""
        packs = _default_packs()
        return self.annotate(
            price=Subquery(packs.values(shown=shown_price())[:1]),
            price_per_kg=Subquery(packs.values(per_kg=shown_price() * 1000 / F("weight_g"))[:1]),
        )

    def priced(self, least: Decimal | None = None, most: Decimal | None = None) -> Self:
        """Pages about berries with a default pack, of a price in this range, with that `shelf_price`."""
        price, weight = shown_price("berry__packs__"), F("berry__packs__weight_g")
        bounds: list[Lookup[Any]] = [GreaterThanOrEqual(price, least)] if least is not None else []
        bounds += [LessThanOrEqual(price, most)] if most is not None else []
        packs = self.filter(*bounds, berry__packs__is_default=True, berry__packs__is_active=True)
        return packs.annotate(shelf_price=price, shelf_price_per_kg=price * 1000 / weight)

    def unpriced(self) -> Self:
        """All the others."""
        return self.filter(~Exists(_default_packs()))


class BerryPage(PreviewedPage):
    """The words about one berry in one language. Price, stock and season are on the berry."""

    view = "shop.catalog.views.show_berry"
    served_with = ("berry",)
    modes = BERRY_MODES
    berry = models.ForeignKey(Berry, on_delete=models.PROTECT, related_name="pages", verbose_name=_("berry"))
    lead = models.TextField(_("lead"), help_text=_("One or two sentences, shown in lists and at the top."))
    picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("What the picture shows, in a sentence."),
    )
    gallery = StreamField([("picture", PictureBlock())], verbose_name=_("gallery"), blank=True)
    body = StreamField(
        [*ARTICLE_BLOCKS, ("related_berries", RelatedBerriesBlock())], verbose_name=_("body"), blank=True
    )
    taste = models.CharField(_("taste"), max_length=250, blank=True)
    storage = models.TextField(_("how to keep it"), blank=True)
    nutrition = models.TextField(_("nutrition"), blank=True, help_text=_("In 100 grams."))

    objects = PageManager.from_queryset(BerryPageQuerySet)()

    base_form_class = PicturedPageForm
    parent_page_types = ["shop.CatalogPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields = [
        *Page.search_fields,
        # What is nearer to the name counts for more; the steps are those of `search.backend`.
        index.SearchField("name_words", boost=1.5),
        index.SearchField("group_words", boost=1.0),
        index.SearchField("lead", boost=0.5),
        index.SearchField("taste"),
        index.SearchField("body"),
        index.FilterField("berry_id"),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("berry"),
        BerryFactsPanel(heading=_("Price, stock and season now")),
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("gallery")], heading=_("Pictures")
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("taste"), FieldPanel("storage"), FieldPanel("nutrition")], heading=_("Good to know")
        ),
    ]

    class Meta:
        verbose_name = _("berry page")
        verbose_name_plural = _("berry pages")

    @classmethod
    def get_indexed_objects(cls) -> QuerySet["BerryPage"]:
        """All pages with what their words for the search are taken from."""
        pages: QuerySet[BerryPage] = super().get_indexed_objects()
        return pages.select_related("berry", "locale").prefetch_related("berry__categories")

    def name_words(self) -> str:
        """Kind and variety without the quotation marks of the title, for the search."""
        code = self.locale.language_code
        return f"{localize(self.berry, 'kind', code)} {localize(self.berry, 'variety', code)}"

    def group_words(self) -> str:
        """The categories and the origin by name, and the tags by their signs, for the search."""
        code = self.locale.language_code
        names = [localize(category, "name", code) for category in self.berry.categories.all()]
        return " ".join([*names, localize(self.berry, "origin", code), *map(sign_tag, self.berry.tags)])

    def clean(self) -> None:
        """Refuse a second page about the same berry in one language."""
        super().clean()
        twins = BerryPage.objects.filter(berry=self.berry_id, locale=self.locale_id).exclude(pk=self.pk)
        if self.berry_id and twins.exists():
            raise ValidationError({"berry": _("This berry already has a page in this language.")})
