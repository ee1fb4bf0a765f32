"""The newsletter as pages: the archive, and its issues, each once per language."""

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from core.models import BasePage
from home.newsletter.blocks import LETTER_BLOCKS

# Addresses below the archive that are not issues.
RESERVED_SLUGS = frozenset({"subscribe", "sent", "resend", "confirm", "unsubscribe", "feed"})
SUBJECT_SHOWN = 60  # more than that, and phones cut it


class NewsletterIndexPage(BasePage):
    """The archive of sent issues, and the form to subscribe."""

    view = "home.newsletter.views.show_archive"
    lead = models.TextField(_("lead"), blank=True)

    max_count_per_parent = 1
    parent_page_types = ["home.FrontPage"]
    subpage_types = ["home.NewsletterPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("newsletter archive")
        verbose_name_plural = _("newsletter archives")


class NewsletterPageQuerySet(PageQuerySet):
    """Issues as mailings and the archive ask for them."""

    def published(self) -> Self:
        """Live ones in their own words: not those that mirror another language until they are translated."""
        return self.live().filter(alias_of=None)


class NewsletterPage(BasePage):
    """One issue in one language. Published, it is a page of the archive; sent, it is a letter too.

    The versions of an issue share their translation key: by it a mailing knows the whole issue.
    """

    view = "home.newsletter.views.show_issue"
    subject = models.CharField(
        _("subject line"),
        max_length=120,
        blank=True,
        help_text=_("The title, where it is empty. Phones show some 60 characters of it."),
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        help_text=_("What mailboxes show beside the subject, and the archive below the title."),
    )
    body = StreamField(LETTER_BLOCKS, verbose_name=_("letter"))

    objects = PageManager.from_queryset(NewsletterPageQuerySet)()

    parent_page_types = ["home.NewsletterIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields = [*Page.search_fields, index.SearchField("preheader"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("preheader")], heading=_("In the mailbox")),
        FieldPanel("body"),
        HelpPanel(
            content=_(
                "Publish the issue to send it: “Send the issue”, in the menu beside the title, is where you "
                "choose to whom and when."
            )
        ),
    ]

    class Meta:
        verbose_name = _("newsletter issue")
        verbose_name_plural = _("newsletter issues")

    def __str__(self) -> str:
        return self.title

    @property
    def subject_line(self) -> str:
        """What stands in the mailbox."""
        return self.subject or self.title

    @property
    def preview_modes(self) -> list[tuple[str, object]]:
        """The issue as a letter, as a letter without pictures and markup, and as a page of the archive."""
        return [("letter", _("Letter")), ("text", _("Letter as plain text")), ("page", _("Page"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the draft in one of the modes."""
        if mode_name == "page":
            return super().serve_preview(request, mode_name)
        show_preview = import_string("home.newsletter.views.show_letter_preview")
        response: HttpResponse = show_preview(self, mode_name)
        return response

    def clean(self) -> None:
        """Refuse a slug that is the address of something else."""
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken. Please choose another one.")})
