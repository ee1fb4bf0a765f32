"""Berries, packs, lots and their pages, and the small site tree the pages hang on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from home.pages.models import FrontPage
from shop.catalog.models import Berry, Category, Lot, Pack
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage
from shop.catalog.services import receive_lot

ALL_YEAR = list(range(1, 13))
LINK = {"text": "Выбрать", "place": "catalog", "page": None, "address": ""}
HERO = {"title": "Ягоды", "lead": "Свежие", "button": LINK, "image": None, "alt": ""}
IN_SEASON = {"title": "Сейчас", "rule": "in_season", "category": None, "berries": [], "count": 8}
# Every part of a front page that asks the shop or the journal something.
FRONT_BODY = [
    ("hero", HERO),
    ("berries", IN_SEASON),
    ("categories", {"title": "Что вы любите?"}),
    ("season", {"title": "Когда что спеет", "berries": []}),
    ("zones", {"title": "Доставка", "text": ""}),
    ("articles", {"title": "Из журнала", "count": 3}),
    ("letters", {"title": "Письма", "text": ""}),
]


class CategoryFactory(DjangoModelFactory):
    """A category with a name in both languages."""

    class Meta:
        model = Category

    code = factory.Sequence(lambda number: f"category-{number}")
    name_ru = factory.Sequence(lambda number: f"Ягоды {number}")
    name_en = factory.Sequence(lambda number: f"Berries {number}")
    position = factory.Sequence(int)


class BerryFactory(DjangoModelFactory):
    """A berry in season all the year; `categories=[…]` puts it into categories."""

    class Meta:
        model = Berry
        skip_postgeneration_save = True

    code = factory.Sequence(lambda number: f"berry-{number}")
    kind_ru = "Малина"
    kind_en = "Raspberry"
    variety_ru = factory.Sequence(lambda number: f"Полька {number}")
    variety_en = factory.Sequence(lambda number: f"Polka {number}")
    origin_ru = "Тульская область"
    origin_en = "Tula Region"
    season_months = factory.LazyFunction(lambda: list(ALL_YEAR))

    @factory.post_generation
    def categories(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.categories.set(extracted)


class PackFactory(DjangoModelFactory):
    """A default pack of 500 g for 390 ₽; `stock=5` receives a lot of so many."""

    class Meta:
        model = Pack
        skip_postgeneration_save = True

    berry = factory.SubFactory(BerryFactory)
    weight_g = 500
    price = Decimal("390.00")
    is_default = factory.LazyAttribute(lambda pack: not pack.berry.packs.filter(is_default=True).exists())

    @factory.post_generation
    def stock(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if create and extracted:
            LotFactory(pack=self, quantity=extracted, **kwargs)


class LotFactory(DjangoModelFactory):
    """A lot received the way the shop receives one: harvested yesterday, good for five days more."""

    class Meta:
        model = Lot

    pack = factory.SubFactory(PackFactory)
    quantity = 10
    harvested_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    best_before = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=5))
    farm_ru = "Ягодная поляна"
    farm_en = "Berry Glade"

    @classmethod
    def _create(cls, model_class: type[Lot], *args: Any, **kwargs: Any) -> Lot:
        return receive_lot(**kwargs)


def make_expired_lot(pack: Pack, quantity: int = 10) -> Lot:
    """A lot whose best-before date was yesterday."""
    today = timezone.localdate()
    return LotFactory(
        pack=pack,
        quantity=quantity,
        harvested_on=today - timedelta(days=9),
        best_before=today - timedelta(days=1),
    )


# --- Pages ------------------------------------------------------------------------


def get_catalog_page(language: str = "ru") -> CatalogPage:
    """The catalog page of a language, with front page, site and locales; made where they are missing."""
    front = get_front_page(language)
    existing = CatalogPage.objects.child_of(front).first()
    if existing:
        return existing
    if language == "ru":
        return front.add_child(
            instance=CatalogPage(title="Каталог", slug="catalog", lead="Все ягоды.", locale=front.locale)
        )
    page = get_catalog_page("ru").copy_for_translation(front.locale)
    page.title = page.draft_title = "Catalog"
    page.slug = "catalog"
    return _publish(page)


def get_front_page(language: str = "ru") -> FrontPage:
    """The front page of a language; the Russian one is the root of the default site."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    existing = FrontPage.objects.filter(locale=locale).first()
    if existing:
        return existing
    if language != "ru":
        page = get_front_page("ru").copy_for_translation(locale)
        page.slug = f"home-{language}"
        return _publish(page)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    front = root.add_child(
        instance=FrontPage(
            title="Энибери",
            slug="front",
            body=FRONT_BODY,
            locale=locale,
        )
    )
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": front}
    )
    return front


def _publish(page: Any) -> Any:
    page.live = True
    page.has_unpublished_changes = False
    page.save()
    return page


def _add_page(model: Any, language: str, record: dict[str, Any], words: dict[str, Any]) -> Any:
    """A page of the language under its catalog page, a translation of the record's other page."""
    parent = get_catalog_page(language)
    twin = model.objects.filter(**record).first()
    if twin:
        words["translation_key"] = twin.translation_key
    return parent.add_child(instance=model(locale=parent.locale, **record, **words))


class BerryPageFactory(DjangoModelFactory):
    """A live page about a berry under the catalog page of `language`."""

    class Meta:
        model = BerryPage

    language = "ru"
    berry = factory.SubFactory(BerryFactory)
    title = factory.LazyAttribute(
        lambda page: page.berry.kind_en if page.language == "en" else page.berry.kind_ru,
    )
    slug = factory.LazyAttribute(lambda page: page.berry.code)
    lead = factory.LazyAttribute(
        lambda page: "Sweet and fragrant." if page.language == "en" else "Сладкая и душистая.",
    )

    @classmethod
    def _create(cls, model_class: type[BerryPage], *args: Any, **kwargs: Any) -> BerryPage:
        language = kwargs.pop("language", "ru")
        return _add_page(model_class, language, {"berry": kwargs.pop("berry")}, kwargs)


class CategoryPageFactory(DjangoModelFactory):
    """A live page about a category under the catalog page of `language`."""

    class Meta:
        model = CategoryPage

    language = "ru"
    category = factory.SubFactory(CategoryFactory)
    title = factory.LazyAttribute(
        lambda page: page.category.name_en if page.language == "en" else page.category.name_ru
    )
    slug = factory.LazyAttribute(lambda page: page.category.code)

    @classmethod
    def _create(cls, model_class: type[CategoryPage], *args: Any, **kwargs: Any) -> CategoryPage:
        language = kwargs.pop("language", "ru")
        return _add_page(model_class, language, {"category": kwargs.pop("category")}, kwargs)


def make_offered_berry(*, stock: int = 10, language: str = "ru", **berry: Any) -> BerryPage:
    """A berry with a pack in stock and a page: what a shopper can buy."""
    page = BerryPageFactory(berry=BerryFactory(**berry), language=language)
    PackFactory(berry=page.berry, stock=stock)
    return page
