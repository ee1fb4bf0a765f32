"""Berries that shoppers want to find again, and people who want to be told that a berry is back."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.catalog.models import Berry, Lot


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


class WaitingQuerySet(models.QuerySet["Waiting"]):
    """Who waits, as pages, letters and jobs ask for them."""

    def active(self) -> Self:
        """Those who confirmed their address and were not told yet: only they are written to."""
        return self.filter(status="active")

    def open(self) -> Self:
        """Requests that may still lead to a letter, confirmed or not."""
        return self.filter(status__in=["pending", "active"])

    def for_email(self, email: str) -> Self:
        """The requests of an address, however its letters are cased."""
        return self.alias(lower_email=Lower("email")).filter(lower_email=email.strip().lower())

    def first_come(self) -> Self:
        """The order in which people are told: who confirmed first is told first."""
        return self.order_by("confirmed_at", "pk")

    def due_for_stock(self, today: datetime | None = None) -> Self:
        """Active requests for stock of berries on sale that have some today."""
        day = timezone.localdate(today)
        lots = Lot.objects.sellable(day).filter(pack__berry=OuterRef("berry"), pack__is_active=True)
        return self.active().filter(Exists(lots), moment="stock", berry__is_active=True)

    def due_for_season(self, today: datetime | None = None) -> Self:
        """Active requests for the season of berries on sale whose season it is."""
        month = timezone.localdate(today).month
        return self.active().filter(
            moment="season", berry__is_active=True, berry__season_months__contains=[month]
        )

    def never_confirmed(self, before: datetime) -> Self:
        """Requests of before that moment that nobody confirmed."""
        return self.filter(status="pending", asked_at__lt=before)

    def over(self, before: datetime) -> Self:
        """Requests that came to their end before that moment."""
        return self.filter(status__in=["told", "withdrawn"], ended_at__lt=before)


class Waiting(models.Model):
    """Somebody wants one letter, once, when a berry is back."""

    class Moment(models.TextChoices):
        STOCK = "stock", pgettext_lazy("waiting", "when it is in stock again")
        SEASON = "season", pgettext_lazy("waiting", "when its season begins")

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("waiting", "address not confirmed")
        ACTIVE = "active", pgettext_lazy("waiting", "waiting")
        TOLD = "told", pgettext_lazy("waiting", "told")
        WITHDRAWN = "withdrawn", pgettext_lazy("waiting", "withdrawn")

    berry = models.ForeignKey(Berry, on_delete=models.PROTECT, related_name="+", verbose_name=_("berry"))
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    moment = models.CharField(_("to be told"), max_length=6, choices=Moment)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    # What the links in our letters name.
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    # The consent that comes with asking: to which version of the policy, and from where.
    policy_version = models.CharField(_("version of the policy"), max_length=20, blank=True)
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    written_at = models.DateTimeField(_("asked to confirm"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("told or withdrawn"), null=True, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be told")
        verbose_name_plural = _("requests to be told")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "berry",
                "moment",
                condition=Q(status__in=["pending", "active"]),
                name="waiting_once_an_address",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "told"]) | Q(confirmed_at__isnull=False),
                name="waiting_active_has_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["told", "withdrawn"], ended_at__isnull=False)
                | Q(status__in=["pending", "active"], ended_at=None),
                name="waiting_ended_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["berry", "moment", "confirmed_at"],
                condition=Q(status="active"),
                name="waiting_first_come",
            ),
            models.Index(Lower("email"), name="waiting_email"),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.berry}"

    @property
    def is_open(self) -> bool:
        """Whether it may still lead to a letter."""
        return self.status in {self.Status.PENDING, self.Status.ACTIVE}
