"""The front page, and pages of plain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from core.models import BasePage
from home.pages.blocks import FRONT_BLOCKS, PAGE_BLOCKS


class FrontPage(BasePage):
    """What a visitor sees first, built of blocks: some of them ask the shop and the journal."""

    view = "home.views.show_front_page"
    body = StreamField(
        FRONT_BLOCKS,
        verbose_name=_("body"),
        blank=True,
        block_counts={"hero": {"max_num": 1}, "letters": {"max_num": 1}},
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "shop.CatalogPage",
        "home.StandardPage",
        "home.JournalPage",
        "home.NewsletterIndexPage",
    ]
    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class StandardPage(BasePage):
    """A page of words: about us, delivery, contacts, the offer, privacy."""

    view = "home.pages.views.show_standard_page"
    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(PAGE_BLOCKS, verbose_name=_("body"), blank=True)

    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("lead", boost=0.5), index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
