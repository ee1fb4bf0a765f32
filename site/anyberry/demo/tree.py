"""The demo's page tree: Russian pages, and their English translations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from accounts.models import User
from anyberry.demo.images import Pictures
from anyberry.demo.journal import find_author
from anyberry.demo.source import Record, read_file, read_folder
from anyberry.demo.streams import (
    build_body,
    build_ingredients,
    build_pictures,
    build_related,
    build_sections,
    build_structs,
)
from anyberry.demo.translations import translate_page
from core.models import BasePage, SellerSettings
from home.journal.models import ArticlePage, ArticleTopic, JournalPage, RecipePage, Topic
from home.pages.models import FrontPage, StandardPage
from shop.catalog.models import Berry, Category
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage

PageT = TypeVar("PageT", bound=BasePage)
ArticleT = TypeVar("ArticleT", bound=ArticlePage)

STANDARD_PAGES = ("about", "delivery", "contacts", "offer", "privacy")
PAGES_IN_MENU = ("about", "delivery", "contacts")
RELATED_TITLES = {"ru": "Ягоды из этой заметки", "en": "The berries of this story"}


def make_key(name: str) -> UUID:
    """The translation key of a demo page: by it the next run knows the page, whatever editors did to it."""
    return uuid5(NAMESPACE_URL, f"anyberry/demo/{name}")


@dataclass(frozen=True, slots=True)
class TreeLoader:
    """Makes the pages that are missing, leaving those that are there as editors left them."""

    ru: Locale
    en: Locale
    pictures: Pictures
    by: User

    def load(self, berries: list[Record], categories: list[Record]) -> FrontPage:
        """Make the whole tree; the Russian front page."""
        front = self.load_front()
        catalog = self.load_list("catalog", CatalogPage, front)
        for category in categories:
            self.load_category(category, catalog)
        for berry in berries:
            self.load_berry(berry, catalog)
        journal = self.load_list("journal", JournalPage, front)
        for article in sorted(read_folder("articles"), key=lambda article: -article["days_ago"]):
            self.load_article(article, journal)
        for recipe in sorted(read_folder("recipes"), key=lambda recipe: -recipe["days_ago"]):
            self.load_recipe(recipe, journal)
        for name in STANDARD_PAGES:
            self.load_standard(name, front)
        return front

    def ensure(self, name: str, model: type[PageT], parent: Page, draft: Callable[[str], PageT]) -> PageT:
        """The published Russian page of that name, drafted where missing; its translation likewise."""
        versions = model.objects.filter(translation_key=make_key(name))
        page: PageT | None = versions.filter(locale=self.ru).first()
        if page is None:
            page = draft("ru")
            page.translation_key, page.locale, page.owner = make_key(name), self.ru, self.by
            # Read anew: the tree's counters may have been mended since.
            Page.objects.get(pk=parent.pk).add_child(instance=page)
            page.save_revision(user=self.by).publish(user=self.by)
        if not versions.filter(locale=self.en, live=True).exists():
            translate_page(page, draft("en"), locale=self.en, by=self.by)
        return page

    def load_front(self) -> FrontPage:
        """The front page as the root of the one site."""
        content = read_file("pages/front.toml")
        page = self.ensure("front", FrontPage, Page.get_first_root_node(), partial(self.draft_front, content))
        place_site(page)
        return page

    def draft_front(self, content: Record, code: str) -> FrontPage:
        """The front page's words, and its blocks in their order."""
        words = dict(content[code])
        blocks = words.pop("blocks")
        body = build_sections(blocks, find_image=lambda name: self.pictures.get(name).pk)
        return FrontPage(**words, slug=f"anyberry-{code}", body=body)

    def load_list(self, name: str, model: type[PageT], parent: Page) -> PageT:
        """A page that has a title and a lead, and lists its children."""
        content = read_file(f"pages/{name}.toml")
        return self.ensure(name, model, parent, lambda code: model(**content[code], show_in_menus=True))

    def load_standard(self, name: str, front: Page) -> None:
        """A page of plain words."""
        content = read_file(f"pages/{name}.toml")

        def draft(code: str) -> StandardPage:
            words = content[code] | {"body": build_body(content[code]["body"])}
            return StandardPage(**words, show_in_menus=name in PAGES_IN_MENU)

        self.ensure(name, StandardPage, front, draft)

    def load_category(self, content: Record, catalog: Page) -> None:
        """The page of a category."""
        category = Category.objects.get(code=content["code"])

        def draft(code: str) -> CategoryPage:
            return CategoryPage(
                **content[code], category=category, picture=self.pictures.get(content["picture"])
            )

        self.ensure(f"category/{category.code}", CategoryPage, catalog, draft)

    def load_berry(self, content: Record, catalog: Page) -> None:
        """The page of a berry."""
        berry = Berry.objects.get(code=content["code"])

        def draft(code: str) -> BerryPage:
            words = dict(content[code])
            gallery = [self.pictures.get(name).pk for name in content["gallery"]]
            return BerryPage(
                **words
                | {
                    "body": build_body(words["body"]),
                    "gallery": build_pictures(gallery, words.pop("gallery_alt")),
                },
                berry=berry,
                picture=self.pictures.get(content["picture"]),
            )

        self.ensure(f"berry/{berry.code}", BerryPage, catalog, draft)

    def load_article(self, content: Record, journal: Page) -> None:
        """An article of the journal."""
        found = dict(Berry.objects.filter(code__in=content["related"]).values_list("code", "pk"))
        related = [found[code] for code in content["related"]]

        def draft(code: str) -> ArticlePage:
            berries = build_related(RELATED_TITLES[code], related)
            words = content[code] | {"body": build_body(content[code]["body"], more=[berries])}
            return self.sign(ArticlePage(**words), content)

        self.ensure(f"article/{content['code']}", ArticlePage, journal, draft)

    def load_recipe(self, content: Record, journal: Page) -> None:
        """A recipe of the journal."""
        numbers = {name: content[name] for name in ("servings", "prep_minutes", "cook_minutes")}
        berries = dict(Berry.objects.values_list("code", "pk"))

        def draft(code: str) -> RecipePage:
            words = content[code] | {
                "body": build_body(content[code]["body"]),
                "steps": build_structs("step", content[code]["steps"]),
                "ingredients": build_ingredients(content[code]["ingredients"], berries),
            }
            return self.sign(RecipePage(**words, **numbers), content)

        self.ensure(f"recipe/{content['code']}", RecipePage, journal, draft)

    def sign(self, page: ArticleT, content: Record) -> ArticleT:
        """The page with its picture, date, author and topics."""
        page.picture = self.pictures.get(content["picture"])
        page.published_on = timezone.localdate() - timedelta(days=content["days_ago"])
        page.author = find_author(content["author"])
        topics = Topic.objects.filter(code__in=content["topics"])
        page.article_topics = [
            ArticleTopic(topic=topic, sort_order=place) for place, topic in enumerate(topics)
        ]
        return page


def name_documents() -> None:
    """Tell the seller's settings which pages the shopper agrees to, where nobody has chosen any."""
    for name in ("offer", "privacy"):
        page = Page.objects.filter(translation_key=make_key(name), locale__language_code="ru").first()
        SellerSettings.objects.filter(**{f"{name}_page": None}).update(**{f"{name}_page": page})


def place_site(front: BasePage) -> None:
    """Make the front page the root of the default site, and take Wagtail's welcome page away."""
    site = Site.objects.get(is_default_site=True)
    if site.root_page_id == front.pk:
        return
    welcome = site.root_page
    site.root_page = Page.objects.get(pk=front.pk)
    site.site_name = settings.SITE_NAME
    site.save()
    if welcome.specific_class is Page and not welcome.get_children().exists():
        Page.objects.get(pk=welcome.pk).delete()
