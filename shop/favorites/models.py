"""Berries that shoppers want to find again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Berry


class Favorite(models.Model):
    """One berry on one shopper's wish list."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favorites", verbose_name=_("user")
    )
    berry = models.ForeignKey(
        Berry, on_delete=models.PROTECT, related_name="favorites", verbose_name=_("berry")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("favorite")
        verbose_name_plural = _("favorites")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "berry"], name="favorite_once")]

    def __str__(self) -> str:
        return str(self.berry)
