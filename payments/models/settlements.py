"""The second fiscal receipt: what was paid for beforehand was handed over."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models.asking import AskedQuerySet
from payments.models.bills import Bill


class Settlement(models.Model):
    """The receipt of a bill's goods being handed over (54-FZ), one a bill. Its id is the provider's key."""

    class Status(models.TextChoices):
        """Where it stands; `requested` is not yet known to the provider."""

        REQUESTED = "requested", _("being prepared")
        PENDING = "pending", _("under way")
        DONE = "done", _("registered")
        FAILED = "failed", _("failed")

    id = models.UUIDField(_("number"), primary_key=True, default=uuid.uuid4, editable=False)
    bill = models.OneToOneField(
        Bill, verbose_name=_("bill"), on_delete=models.PROTECT, related_name="settlement"
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    receipt = models.JSONField(_("receipt"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.REQUESTED)
    external_id = models.CharField(_("number at the provider"), max_length=200, blank=True)
    failure = models.CharField(_("why it failed"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(
        _("first sent at"), null=True, blank=True, help_text=_("Set before the provider is called.")
    )
    checked_at = models.DateTimeField(_("last checked at"), null=True, blank=True)

    objects = AskedQuerySet["Settlement"].as_manager()

    class Meta:
        verbose_name = _("settlement receipt")
        verbose_name_plural = _("settlement receipts")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="settlement_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=("requested", "pending", "done", "failed")),
                name="settlement_status_known",
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=Q(status__in=("requested", "pending")),
                name="settlement_unfinished_idx",
            ),
        )

    def __str__(self) -> str:
        """Name the settlement by its id."""
        return str(self.pk)

    @property
    def is_final(self) -> bool:
        """Whether nothing can change it any more."""
        return self.status in {self.Status.DONE, self.Status.FAILED}
