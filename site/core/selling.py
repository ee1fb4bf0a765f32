"""The settings of the shop as a seller, and of what every page shows."""

from typing import Self

from django.core.validators import validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page, Site

from core.blocks.menu import MenuEntryBlock
from core.kept import keep
from core.localized import Localized

FEW_HELP = _("From so many packs down, berries show how many are left, and the dashboard tells.")
SELLER = "seller:"  # under this and the site's id it is kept


def validate_addresses(text: str) -> None:
    """Raise ValidationError unless each part of a list with commas is an address."""
    for address in split_addresses(text):
        validate_email(address)


@register_setting(icon="home", order=100)
class SellerSettings(BaseSiteSetting):
    """Who sells, as the law on distance selling asks, and what every page of the shop shows beside its own.

    One row, read once a request: each further model of settings would cost every page a query.
    """

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

    banner_ru = models.CharField(_("banner in Russian"), max_length=200, blank=True)
    banner_en = models.CharField(_("banner in English"), max_length=200, blank=True)
    banner_url = models.URLField(_("the banner leads to"), blank=True)
    banner_until = models.DateField(
        _("the banner's last day"), null=True, blank=True, help_text=_("Empty: until you take it away.")
    )
    vk_url = models.URLField(_("VK"), blank=True)
    telegram_url = models.URLField(_("Telegram"), blank=True)
    header_menu = StreamField(
        [("entry", MenuEntryBlock())],
        verbose_name=_("menu at the top"),
        blank=True,
        help_text=_("Empty: the pages that are ticked to be shown in menus."),
    )
    footer_menu = StreamField(
        [("entry", MenuEntryBlock())],
        verbose_name=_("menu at the bottom"),
        blank=True,
        help_text=_("Empty: all standard pages."),
    )
    low_stock = models.PositiveSmallIntegerField(
        _("low stock, packs"),
        default=5,
        help_text=_("The dashboard tells when no more than so many packs of a kind are left."),
    )
    soon_days = models.PositiveSmallIntegerField(
        _("best before soon, days"),
        default=2,
        help_text=_("The dashboard tells what has to be sold within so many days."),
    )

    order_emails = models.CharField(
        _("addresses told of new orders"),
        max_length=500,
        blank=True,
        validators=[validate_addresses],
        help_text=_("Separated by commas. They get a mail for each order that is paid."),
    )
    sms_on_the_way = models.BooleanField(
        _("SMS when the courier sets off"),
        default=True,
        help_text=_("To the phone of the order; only where an SMS provider is set up."),
    )

    name = Localized("name")
    banner = Localized("banner")
    legal_name = Localized("legal_name")
    address = Localized("address")
    hours = Localized("hours")

    seller_panels = [
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
        MultiFieldPanel(
            [FieldPanel("order_emails"), FieldPanel("sms_on_the_way")], heading=_("Messages about orders")
        ),
    ]

    page_panels = [
        MultiFieldPanel(
            [
                FieldPanel("banner_ru"),
                FieldPanel("banner_en"),
                FieldRowPanel([FieldPanel("banner_url"), FieldPanel("banner_until")]),
            ],
            heading=_("Banner above every page"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("vk_url"), FieldPanel("telegram_url")])], heading=_("Social networks")
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("low_stock", help_text=FEW_HELP), FieldPanel("soon_days")])],
            heading=_("Thresholds"),
        ),
    ]
    menu_panels = [FieldPanel("header_menu"), FieldPanel("footer_menu")]
    edit_handler = TabbedInterface(
        [
            ObjectList(seller_panels, heading=_("Seller")),
            ObjectList(page_panels, heading=_("Every page")),
            ObjectList(menu_panels, heading=_("Menus")),
        ]
    )

    class Meta:
        verbose_name = _("the shop")

    @classmethod
    def for_site(cls, site: Site | None) -> Self:
        """The shop as every page shows it: without a query while it is kept."""
        if site is None:
            return super().for_site(site)
        return keep(f"{SELLER}{site.pk}", lambda: super(SellerSettings, cls).for_site(site))

    @property
    def shown_banner(self) -> str:
        """The banner in the active language, for as long as it is to be seen."""
        is_over = self.banner_until is not None and self.banner_until < timezone.localdate()
        return "" if is_over else self.banner

    @property
    def offer_url(self) -> str:
        """The address of the offer in the active language; nothing where no page is chosen."""
        return link_document(self.offer_page_id)

    @property
    def privacy_url(self) -> str:
        """The address of the privacy policy in the active language; nothing where no page is chosen."""
        return link_document(self.privacy_page_id)


def split_addresses(text: str) -> list[str]:
    """The addresses of a list with commas, each once, in their order."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))


def link_document(page_id: int | None) -> str:
    """The address of a page in the active language, without a query while it is kept; "" for none."""
    if page_id is None:
        return ""
    return keep(
        f"document:{page_id}:{get_language()}", lambda: find_url(Page.objects.filter(pk=page_id).first())
    )


def find_url(page: Page | None) -> str:
    """The address of the page's translation into the active language, or its own while there is none."""
    return (page.localized.url or "") if page else ""
