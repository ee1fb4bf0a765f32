"""The catalog's words: one page per language for the catalog, each category and each berry."""

from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from core.blocks import ARTICLE_BLOCKS, PictureBlock
from core.models import BasePage
from shop.catalog.blocks import RelatedBerriesBlock
from shop.catalog.models import Berry, Category, Lot, Pack
from shop.catalog.panels import BerryFactsPanel


class CatalogPage(BasePage):
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


class CategoryPage(BasePage):
    """The words about one category; its berries come from the record."""

    view = "shop.catalog.views.show_category"
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

    parent_page_types = ["shop.CatalogPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*Page.content_panels, FieldPanel("category"), FieldPanel("lead"), FieldPanel("picture")]
    search_fields = [*Page.search_fields, index.SearchField("lead")]

    class Meta:
        verbose_name = _("category page")
        verbose_name_plural = _("category pages")


def _has_stock(today: date) -> Exists:
    lots = Lot.objects.sellable(today).filter(pack__berry=OuterRef("berry"), pack__is_active=True)
    return Exists(lots.order_by())


class BerryPageQuerySet(PageQuerySet):
    """Berry pages as lists ask for them."""

    def for_language(self, code: str) -> Self:
        """Live pages of one language about berries that are sold."""
        return self.live().filter(locale__language_code=code, berry__is_active=True)

    def for_locale(self, locale_id: int) -> Self:
        """The same for a page's own locale, which costs no look at the languages."""
        return self.live().filter(locale=locale_id, berry__is_active=True)

    def in_category(self, code: str) -> Self:
        """Pages about berries of the category."""
        return self.filter(
            Exists(Berry.categories.through.objects.filter(berry=OuterRef("berry"), category__code=code))
        )

    def in_stock(self, today: date) -> Self:
        """Pages about berries of which at least one pack can be sold today."""
        return self.filter(_has_stock(today))

    def with_stock(self, today: date) -> Self:
        """Each page with `is_in_stock`."""
        return self.annotate(is_in_stock=_has_stock(today))

    def with_price(self) -> Self:
        """Each page with `price` and `price_per_kg` of the berry's default pack, None where it has none."""
        packs = Pack.objects.filter(berry=OuterRef("berry"), is_default=True, is_active=True).order_by()
        return self.annotate(
            price=Subquery(packs.values("price")[:1]),
            price_per_kg=Subquery(packs.values(per_kg=F("price") * 1000 / F("weight_g"))[:1]),
        )


class BerryPage(BasePage):
    """The words about one berry in one language. Price, stock and season are on the berry."""

    view = "shop.catalog.views.show_berry"
    served_with = ("berry",)
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

    parent_page_types = ["shop.CatalogPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("taste"),
        index.SearchField("body"),
        # The names without the quotation marks of the title, in both languages.
        index.RelatedFields(
            "berry",
            [index.SearchField(f"{name}_{code}") for name in ("kind", "variety") for code in ("ru", "en")],
        ),
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

    def clean(self) -> None:
        """Refuse a second page about the same berry in one language."""
        super().clean()
        twins = BerryPage.objects.filter(berry=self.berry_id, locale=self.locale_id).exclude(pk=self.pk)
        if self.berry_id and twins.exists():
            raise ValidationError({"berry": _("This berry already has a page in this language.")})
