"""What was counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from shop.catalog.models import Berry


class PageViews(models.Model):
    """How often one page was looked at on one day. Written by home.readers.counting alone."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    on = models.DateField(_("day"))
    views = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("views of a page")
        verbose_name_plural = _("views of pages")
        constraints = [models.UniqueConstraint(fields=["on", "page"], name="home_pageviews_once_a_day")]


class BerryAdds(models.Model):
    """How often one berry was put into carts on one day. Written by home.readers.adding alone."""

    berry = models.ForeignKey(Berry, on_delete=models.CASCADE, related_name="+", verbose_name=_("berry"))
    on = models.DateField(_("day"))
    adds = models.PositiveIntegerField(_("times put into a cart"), default=0)

    class Meta:
        verbose_name = _("additions of a berry")
        verbose_name_plural = _("additions of berries")
        constraints = [models.UniqueConstraint(fields=["on", "berry"], name="home_berryadds_once_a_day")]
