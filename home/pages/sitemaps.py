"""The sitemap: the page trees of all languages, each page with its translations."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap as DjangoSitemap
from django.contrib.sitemaps import views as django_views
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page
from wagtail.query import PageQuerySet

from home.pages.addresses import make_absolute

PAGES_A_FILE = 10_000
# What visitors read that is no page of an editor's, by the names of the addresses.
PLACES = ("shop:season-calendar",)


class PagesSitemap(Sitemap):
    """Wagtail's own lists the tree of the default language alone."""

    limit = PAGES_A_FILE

    def items(self) -> PageQuerySet:
        """Live public pages below the site's front page and its translations."""
        roots = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        below = Q()
        for path in roots.values_list("path", flat=True):
            below |= Q(path__startswith=path)
        return Page.objects.live().public().filter(below).select_related("locale").order_by("path")

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        """The entries of one file, in three queries; the first one has the places, too."""
        pages = list(self.paginator.page(page).object_list)
        addresses: defaultdict[object, dict[str, str]] = defaultdict(dict)
        keys = {item.translation_key for item in pages}
        for version in self.items().filter(translation_key__in=keys):
            addresses[version.translation_key][version.locale.language_code] = self.location(version)
        dates = [self.lastmod(item) for item in pages]
        if dates and None not in dates:
            self.latest_lastmod = max(dates)
        places = [entry for name in PLACES if page == 1 for entry in describe_place(name)]
        return [self.describe(item, addresses[item.translation_key]) for item in pages] + places

    def describe(self, item: Page, addresses: dict[str, str]) -> dict[str, Any]:
        """One entry, with all its versions."""
        return {
            "item": item,
            "location": addresses[item.locale.language_code],
            "lastmod": self.lastmod(item),
            "changefreq": None,
            "priority": "",
            "alternates": list_alternates(addresses),
        }


def describe_place(name: str) -> list[dict[str, Any]]:
    """An entry for each language, with the addresses of all."""
    addresses = {}
    for code, _language in settings.LANGUAGES:
        with override(code):
            addresses[code] = make_absolute(reverse(name))
    return [
        {
            "item": name,
            "location": url,
            "lastmod": None,
            "changefreq": None,
            "priority": "",
            "alternates": list_alternates(addresses),
        }
        for url in addresses.values()
    ]


def list_alternates(addresses: dict[str, str]) -> list[dict[str, str]]:
    """Every version, itself included, as search engines ask; the default language stands for all others."""
    alternates = [{"lang_code": code, "location": url} for code, url in sorted(addresses.items())]
    if default := addresses.get(settings.LANGUAGE_CODE):
        alternates.append({"lang_code": "x-default", "location": default})
    return alternates


def show_sitemap(request: HttpRequest, section: str | None = None) -> HttpResponse:
    """The sitemap; an index of its files where one is not enough."""
    pages = PagesSitemap(request)
    sitemaps: dict[str, type[DjangoSitemap[Any]] | DjangoSitemap[Any]] = {"pages": pages}
    if section is None and pages.paginator.num_pages > 1:
        return django_views.index(request, sitemaps, sitemap_url_name="sitemap-file")
    return django_views.sitemap(request, sitemaps, section=section)
