"""The abstract page of every page, and the settings of the shop as a seller."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page, PageViewRestriction

from core.localized import Localized


class BasePage(Page):
    """A page that visitors read: words only, one row per language.

    A page is answered by a function view like any other address: `view` names it as a URL pattern
    would, and it is called with the request and the page, for visitors and previews alike.
    """

    view: ClassVar[str]
    served_with: ClassVar[tuple[str, ...]] = ()  # relations loaded with the page when a visitor asks for it
    # A shop's pages are for everybody. Without the switch, Wagtail need not look for restrictions on every
    # page from the root down to this one before each answer.
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """None, and no query: see `private_page_options`."""
        restrictions: models.QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
        return restrictions

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the page, and let the header know which page it is (for the language switch)."""
        request.wagtail_page = self  # type: ignore[attr-defined]  # read by core.languages
        response: HttpResponse = import_string(self.view)(request, self)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the editor what visitors would see."""
        return self.serve(request)

    @property
    def meta_title(self) -> str:
        """The title for search engines and browser tabs."""
        title: str = self.seo_title or self.title
        return title


@register_setting(icon="home")
class SellerSettings(BaseSiteSetting):
    """Who sells: shown in the footer and on cheques, as the law on distance selling asks."""

    name_ru = models.CharField(_("name in Russian"), max_length=100, default="Энибери")
    name_en = models.CharField(_("name in English"), max_length=100, default="Anyberry")
    legal_name_ru = models.CharField(_("legal name in Russian"), max_length=200, blank=True)
    legal_name_en = models.CharField(_("legal name in English"), max_length=200, blank=True)
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True)
    address_ru = models.CharField(_("address in Russian"), max_length=250, blank=True)
    address_en = models.CharField(_("address in English"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hours_ru = models.CharField(_("working hours in Russian"), max_length=100, blank=True)
    hours_en = models.CharField(_("working hours in English"), max_length=100, blank=True)
    offer_version = models.CharField(
        _("version of the offer"),
        max_length=20,
        default="2026-11-01",
        help_text=_("Shoppers are asked to agree again when it changes."),
    )
    privacy_version = models.CharField(
        _("version of the privacy policy"),
        max_length=20,
        default="2026-11-01",
        help_text=_("Shoppers are asked to agree again when it changes."),
    )

    offer_page = models.ForeignKey(
        Page,
        verbose_name=_("page of the offer"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Checkout links to it, or to its translation."),
    )
    privacy_page = models.ForeignKey(
        Page,
        verbose_name=_("page of the privacy policy"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Checkout links to it, or to its translation."),
    )

    name = Localized("name")
    legal_name = Localized("legal_name")
    address = Localized("address")
    hours = Localized("hours")

    panels = [
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("legal_name_ru"), FieldPanel("legal_name_en")]),
                FieldRowPanel([FieldPanel("inn"), FieldPanel("ogrn")]),
            ],
            heading=_("Legal details"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("email"),
                FieldPanel("address_ru"),
                FieldPanel("address_en"),
                FieldPanel("hours_ru"),
                FieldPanel("hours_en"),
            ],
            heading=_("Contacts"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("offer_page"), FieldPanel("offer_version")]),
                FieldRowPanel([FieldPanel("privacy_page"), FieldPanel("privacy_version")]),
            ],
            heading=_("Legal documents"),
        ),
    ]

    class Meta:
        verbose_name = _("seller")

    @property
    def offer_url(self) -> str:
        """The address of the offer in the active language; nothing where no page is chosen."""
        return find_url(self.offer_page)

    @property
    def privacy_url(self) -> str:
        """The address of the privacy policy in the active language; nothing where no page is chosen."""
        return find_url(self.privacy_page)


def find_url(page: Page | None) -> str:
    """The address of the page's translation into the active language, or its own while there is none."""
    return (page.localized.url or "") if page else ""
