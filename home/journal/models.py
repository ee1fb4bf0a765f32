"""The journal: articles and recipes, who wrote them and what they are about."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from core.blocks import ARTICLE_BLOCKS
from core.localized import Localized
from core.models import BasePage
from core.page_forms import PicturedPageForm
from home.journal.blocks import BerryIngredientBlock, OtherIngredientBlock, RecipeStepBlock
from shop.catalog.blocks import RelatedBerriesBlock

MOST_PEOPLE = 12
MOST_MINUTES = 2880


class Author(models.Model):  # type: ignore[django-manager-missing]  # Wagtail's page managers are untyped
    """Who writes in the journal."""

    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    about_ru = models.CharField(_("about them in Russian"), max_length=200, blank=True)
    about_en = models.CharField(_("about them in English"), max_length=200, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )

    name = Localized("name")
    about = Localized("about")

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name_ru", "pk"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):  # type: ignore[django-manager-missing]  # the same
    """What articles are about: a tag with a name in each language."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)

    name = Localized("name")

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name_ru", "pk"]

    def __str__(self) -> str:
        return self.name


class JournalPage(BasePage):
    """The list of articles, newest first."""

    view = "home.journal.views.show_journal"
    lead = models.TextField(_("lead"), blank=True)

    max_count_per_parent = 1
    parent_page_types = ["home.FrontPage"]
    subpage_types = ["home.ArticlePage", "home.RecipePage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")


class ArticlePage(BasePage):
    """One article."""

    view = "home.journal.views.show_article"
    served_with = ("author",)
    published_on = models.DateField(_("date"), default=timezone.localdate)
    author = models.ForeignKey(
        Author,
        on_delete=models.PROTECT,
        related_name="articles",
        null=True,
        blank=True,
        verbose_name=_("author"),
    )
    lead = models.TextField(_("lead"))
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
    body = StreamField(
        [*ARTICLE_BLOCKS, ("related_berries", RelatedBerriesBlock())], verbose_name=_("body"), blank=True
    )

    base_form_class = PicturedPageForm
    parent_page_types = ["home.JournalPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("lead", boost=0.5), index.SearchField("body")]
    head_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("published_on"), FieldPanel("author")]),
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Picture")),
    ]
    topic_panels = [InlinePanel("article_topics", label=_("Topic"), heading=_("Topics"))]
    content_panels = [*head_panels, FieldPanel("body"), *topic_panels]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @property
    def is_recipe(self) -> bool:
        """Whether it is a recipe, known of rows read as plain articles too."""
        return issubclass(self.specific_class or ArticlePage, RecipePage)


class ArticleTopic(Orderable):
    """That an article is about a topic."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="article_topics", verbose_name=_("topic")
    )

    panels = [FieldPanel("topic")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "topic"], name="article_topic_once")]

    def __str__(self) -> str:
        return str(self.topic)


class RecipePage(ArticlePage):
    """An article that can be cooked: its berries can be put into the cart for so many people."""

    view = "home.journal.views.show_recipe"
    servings = models.PositiveSmallIntegerField(
        _("for how many people"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
        help_text=_("The amounts below are for so many."),
    )
    prep_minutes = models.PositiveSmallIntegerField(
        _("work, minutes"), default=15, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    cook_minutes = models.PositiveSmallIntegerField(
        _("cooking and waiting, minutes"), default=0, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    ingredients = StreamField(
        [("berry", BerryIngredientBlock()), ("other", OtherIngredientBlock())],
        verbose_name=_("ingredients"),
    )
    steps = StreamField([("step", RecipeStepBlock())], verbose_name=_("steps"))

    parent_page_types = ["home.JournalPage"]
    subpage_types: list[str] = []
    search_fields = [*ArticlePage.search_fields, index.SearchField("ingredients"), index.SearchField("steps")]
    content_panels = [
        *ArticlePage.head_panels,
        FieldRowPanel([FieldPanel("servings"), FieldPanel("prep_minutes"), FieldPanel("cook_minutes")]),
        FieldPanel("ingredients"),
        FieldPanel("steps"),
        FieldPanel("body", heading=_("Also worth knowing")),
        *ArticlePage.topic_panels,
    ]

    class Meta:
        verbose_name = _("recipe")
        verbose_name_plural = _("recipes")

    @property
    def total_minutes(self) -> int:
        """From the first move to the table."""
        return self.prep_minutes + self.cook_minutes
