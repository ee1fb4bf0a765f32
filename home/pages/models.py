"""The front page, and pages of plain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from core.blocks import ARTICLE_BLOCKS
from core.models import BasePage
from home.pages.blocks import QuestionBlock, StepBlock


class FrontPage(BasePage):
    """What a visitor sees first. Its berries, categories and articles come from the shop and the journal."""

    view = "home.views.show_front_page"
    hero_title = models.CharField(_("headline"), max_length=120)
    hero_lead = models.TextField(_("lead"))
    hero_button = models.CharField(_("button"), max_length=40)
    hero_picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )
    hero_picture_alt = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("What the picture shows, in a sentence."),
    )
    season_title = models.CharField(_("title of the berries in season"), max_length=120, blank=True)
    categories_title = models.CharField(_("title of the categories"), max_length=120, blank=True)
    steps_title = models.CharField(_("title of the steps"), max_length=120, blank=True)
    steps = StreamField([("step", StepBlock())], verbose_name=_("how it works"), blank=True)
    about_title = models.CharField(_("title about the shop"), max_length=120, blank=True)
    about_text = models.TextField(_("about the shop"), blank=True)
    about_button = models.CharField(
        _("button"), max_length=40, blank=True, help_text=_("Leads to the first page of plain words.")
    )
    journal_title = models.CharField(_("title of the articles"), max_length=120, blank=True)
    questions_title = models.CharField(_("title of the questions"), max_length=120, blank=True)
    questions = StreamField([("question", QuestionBlock())], verbose_name=_("questions"), blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["shop.CatalogPage", "home.StandardPage", "home.JournalPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("hero_lead"),
                FieldPanel("hero_button"),
                FieldPanel("hero_picture"),
                FieldPanel("hero_picture_alt"),
            ],
            heading=_("Hero"),
        ),
        MultiFieldPanel(
            [FieldPanel("season_title"), FieldPanel("categories_title"), FieldPanel("journal_title")],
            heading=_("Titles of the lists"),
        ),
        MultiFieldPanel([FieldPanel("steps_title"), FieldPanel("steps")], heading=_("How it works")),
        MultiFieldPanel(
            [FieldPanel("about_title"), FieldPanel("about_text"), FieldPanel("about_button")],
            heading=_("About the shop"),
        ),
        MultiFieldPanel(
            [FieldPanel("questions_title"), FieldPanel("questions")], heading=_("Questions and answers")
        ),
    ]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class StandardPage(BasePage):
    """A page of plain words: about us, delivery, contacts, the offer, privacy."""

    view = "home.pages.views.show_standard_page"
    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(ARTICLE_BLOCKS, verbose_name=_("body"), blank=True)

    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
