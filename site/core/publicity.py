"""What the shop tells search engines, and who may count its visitors: a site setting, empty by default."""

from dataclasses import dataclass, fields

from django.core.cache import cache
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from core.page_cache import forget_pages

CACHE_KEY = "core:publicity"
CACHE_SECONDS = 3600
# What ends up in addresses, policies and scripts is made of these signs alone.
TOKEN = RegexValidator(r"\A[A-Za-z0-9_=-]+\Z", _("Only letters, digits, “-”, “_” and “=”."))
NUMBER = RegexValidator(r"\A[0-9]+\Z", _("Only digits."))
MEASUREMENT = RegexValidator(r"\AG-[A-Z0-9]+\Z", _("It looks like G-XXXXXXXXXX."))
SHORTNAME = RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", _("Only small letters, digits and “-”."))


@register_setting(icon="search")
class PublicitySettings(BaseSiteSetting):
    """Search engines, counters of visits, and comments kept elsewhere."""

    yandex_verification = models.CharField(
        _("Yandex Webmaster code"), max_length=100, blank=True, validators=[TOKEN]
    )
    google_verification = models.CharField(
        _("Google Search Console code"), max_length=100, blank=True, validators=[TOKEN]
    )
    metrica_id = models.CharField(
        _("Yandex Metrica number"),
        max_length=20,
        blank=True,
        validators=[NUMBER],
        help_text=_("Empty: no counter. Loaded only for visitors who agree."),
    )
    analytics_id = models.CharField(
        _("Google Analytics id"),
        max_length=20,
        blank=True,
        validators=[MEASUREMENT],
        help_text=_("Empty: no counter. Loaded only for visitors who agree."),
    )
    disqus_shortname = models.CharField(
        _("Disqus shortname"),
        max_length=50,
        blank=True,
        validators=[SHORTNAME],
        help_text=_(
            "Empty: our own comments. Filled: a Disqus thread in their place, for visitors who agree."
        ),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("yandex_verification"), FieldPanel("google_verification")],
            heading=_("Proof that the site is ours"),
        ),
        MultiFieldPanel(
            [FieldPanel("metrica_id"), FieldPanel("analytics_id")], heading=_("Counters of visits")
        ),
        FieldPanel("disqus_shortname"),
    ]

    class Meta:
        verbose_name = _("search engines and counters")


@dataclass(frozen=True, slots=True)
class Publicity:
    """The setting as pages read it, from the cache."""

    yandex_verification: str = ""
    google_verification: str = ""
    metrica_id: str = ""
    analytics_id: str = ""
    disqus_shortname: str = ""

    @property
    def counts(self) -> bool:
        """Whether any counter is set up."""
        return bool(self.metrica_id or self.analytics_id)

    @property
    def counters(self) -> str:
        """The names of the counters, as the question about them says."""
        names = {_("Yandex Metrica"): self.metrica_id, _("Google Analytics"): self.analytics_id}
        return ", ".join(str(name) for name, is_on in names.items() if is_on)

    @property
    def needs_consent(self) -> bool:
        """Whether anything has to be asked of a visitor."""
        return self.counts or bool(self.disqus_shortname)

    @property
    def as_config(self) -> dict[str, str]:
        """What our scripts have to know."""
        return {"metrica": self.metrica_id, "analytics": self.analytics_id}


def get_publicity() -> Publicity:
    """The setting of the default site; no query while the cache knows it."""
    known: Publicity | None = cache.get(CACHE_KEY)
    if known is None:
        known = read_publicity()
        cache.set(CACHE_KEY, known, CACHE_SECONDS)
    return known


def read_publicity() -> Publicity:
    """The same, straight from the database."""
    names = [field.name for field in fields(Publicity)]
    row = PublicitySettings.objects.filter(site__is_default_site=True).values(*names).first()
    return Publicity(**row) if row else Publicity()


def forget_publicity() -> None:
    """Have the setting read anew."""
    cache.delete(CACHE_KEY)
    forget_pages()
