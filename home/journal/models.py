"""The journal: a list of articles."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from core.blocks import ARTICLE_BLOCKS
from core.models import BasePage
from shop.catalog.blocks import RelatedBerriesBlock


class JournalPage(BasePage):
    """The list of articles, newest first."""

    view = "home.journal.views.show_journal"
    lead = models.TextField(_("lead"), blank=True)

    max_count_per_parent = 1
    parent_page_types = ["home.FrontPage"]
    subpage_types = ["home.ArticlePage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")


class ArticlePage(BasePage):
    """One article."""

    view = "home.journal.views.show_article"
    published_on = models.DateField(_("date"), default=timezone.localdate)
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

    parent_page_types = ["home.JournalPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldPanel("published_on"),
        FieldPanel("lead"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Picture")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
