"""Who reads the newsletter, and the proof that they asked for it."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Subscribers as forms, mailings and jobs ask for them."""

    def active(self) -> Self:
        """Those who confirmed and did not leave: only they are written to."""
        return self.filter(status="active")

    def for_email(self, email: str) -> Self:
        """The subscriber of an address, however its letters are cased: one at most."""
        return self.alias(lower_email=Lower("email")).filter(lower_email=email.strip().lower())

    def among(self, emails: models.QuerySet[Any, str]) -> Self:
        """Those whose address is one of these, which are in lower case."""
        return self.alias(lower_email=Lower("email")).filter(lower_email__in=emails)

    def never_confirmed(self, before: datetime) -> Self:
        """Those who asked before that moment and did not confirm, and never had."""
        return self.filter(status="pending", confirmed_at=None, asked_at__lt=before)


class Subscriber(models.Model):
    """An address, and whether letters may go to it."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("subscriber", "waiting for confirmation")
        ACTIVE = "active", pgettext_lazy("subscriber", "active")
        UNSUBSCRIBED = "unsubscribed", pgettext_lazy("subscriber", "unsubscribed")
        SUPPRESSED = "suppressed", pgettext_lazy("subscriber", "suppressed")

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("mail comes back")
        COMPLAINT = "complaint", _("complained of spam")

    class Answer(models.TextChoices):
        CONFIRM = "confirm", _("asks to confirm")
        KNOWN = "known", _("says that they read us already")

    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.PENDING, db_index=True
    )
    # What the links in our letters name, for ever: one in a letter of years ago still unsubscribes.
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    # The letter that is due because somebody filled in the form; empty once a worker has taken it up.
    due_answer = models.CharField(_("letter due"), max_length=8, choices=Answer, blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked for letters"), default=timezone.now)
    answered_at = models.DateTimeField(_("last answer asked for"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)
    suppressed_at = models.DateTimeField(_("suppressed"), null=True, blank=True)
    suppressed_for = models.CharField(_("why suppressed"), max_length=10, choices=Reason, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_unique_in_any_case"),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(confirmed_at__isnull=False),
                name="subscriber_active_has_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(status="unsubscribed") | Q(left_at__isnull=False),
                name="subscriber_unsubscribed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="suppressed", suppressed_at__isnull=False)
                & Q(suppressed_for__in=["bounce", "complaint"])
                | (~Q(status="suppressed") & Q(suppressed_for="")),
                name="subscriber_suppressed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class NewsletterConsent(models.Model):
    """That somebody asked for the newsletter under a version of the policy: when, from where, and confirmed.

    Never changed afterwards, only withdrawn; kept as long as the subscriber is.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="consents", verbose_name=_("subscriber")
    )
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_ip = models.GenericIPAddressField(_("confirmed from"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent to the newsletter")
        verbose_name_plural = _("consents to the newsletter")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "version"],
                condition=Q(withdrawn_at=None),
                name="newsletter_consent_once_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}, {self.version}"
