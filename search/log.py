"""What people searched: how often, with how many hits, and what they opened. It knows nobody's name.

A row counts one query in one language on one day. There is no user in it, no address and no time of day.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, F, Max, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

LONGEST_TEXT = 60  # letters
OPENED_SHOWN = 3


class SearchedQueryQuerySet(models.QuerySet["SearchedQuery"]):
    """Queries as the report reads them."""

    def summarize(self) -> models.QuerySet["SearchedQuery", Any]:
        """Sums for each language and text of these rows: `times`, `last_hits`, `opens`, `titles`, `last_on`.

        `last_hits` is what the last search found, `titles` are those opened most, each with its number.
        What found nothing comes first, then what was searched most.
        """
        same = {"language": OuterRef("language"), "text": OuterRef("text")}
        opened = OpenedPage.objects.filter(
            query__in=self.order_by().values("pk"),
            query__language=OuterRef("language"),
            query__text=OuterRef("text"),
        ).order_by()
        last = self.filter(**same).order_by("-on")
        number = Cast(F("sum"), models.TextField())
        label = Concat("page__title", Value(" × "), number, output_field=models.TextField())
        most = opened.values("page").annotate(sum=Sum("opens")).annotate(label=label).order_by("-sum", "page")
        rows = self.order_by().values("language", "text")
        return rows.annotate(
            times=Sum("searches"),
            last_on=Max("on"),
            last_hits=Subquery(last.values("hits")[:1]),
            opens=Coalesce(
                Subquery(opened.values("query__text").annotate(sum=Sum("opens")).values("sum")), 0
            ),
            titles=ArraySubquery(most.values("label")[:OPENED_SHOWN]),
            was_found=Case(When(last_hits=0, then=Value(0)), default=Value(1)),
        ).order_by("was_found", "-times", "text", "language")


class SearchedQuery(models.Model):
    """One query on one day. Written by search.counting alone."""

    on = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.CharField(_("query"), max_length=LONGEST_TEXT)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    hits = models.PositiveIntegerField(_("hits"), default=0, help_text=_("What the day’s last search found."))

    objects = SearchedQueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("searched query")
        verbose_name_plural = _("searched queries")
        ordering = ["-on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["language", "text", "on"], name="searched_query_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.text


class OpenedPage(models.Model):
    """How often a page was opened from the results of a query on a day."""

    query = models.ForeignKey(
        SearchedQuery, on_delete=models.CASCADE, related_name="opened", verbose_name=_("query")
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    opens = models.PositiveIntegerField(_("opens"), default=0)

    class Meta:
        verbose_name = _("opened page")
        verbose_name_plural = _("opened pages")
        constraints = [models.UniqueConstraint(fields=["query", "page"], name="opened_page_once_a_query")]

    def __str__(self) -> str:
        return f"{self.query} → {self.page}"
