"""What a shopper found bad in what was brought, with pictures, and what the shop said to that."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.photos import store_privately
from payments.models import Refund
from shop.orders.models.orders import Order, OrderLine

LONGEST_TEXT = 2000


def name_photo(line: "ComplaintLine", filename: str) -> str:
    """A name that tells nothing and can't be guessed; what the file was called at home is forgotten."""
    return f"complaints/{uuid4().hex}.jpg"


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Complaints as staff ask for them."""

    def waiting(self) -> Self:
        """Those that nobody has answered, the oldest first."""
        return self.filter(status="waiting").order_by("created_at", "pk")

    def with_details(self) -> Self:
        """Complaints with everything that pages show of them."""
        parts = self.select_related("order__bill", "order__delivery", "answered_by", "refund")
        return parts.prefetch_related("lines__line")

    def locked(self) -> Self:
        """The rows locked until the transaction ends; bill and order are locked before."""
        return self.order_by("pk").select_for_update(of=("self",))


class Complaint(models.Model):
    """One complaint about an order: about some of its lines, answered once."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("complaint", "waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("complaint", "accepted")
        DECLINED = "declined", pgettext_lazy("complaint", "declined")

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="complaints", verbose_name=_("order")
    )
    text = models.TextField(_("what is wrong"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.WAITING, db_index=True
    )
    answer = models.TextField(
        _("the shop's answer"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    amount = models.DecimalField(_("given back, ₽"), max_digits=12, decimal_places=2, null=True, blank=True)
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("refund")
    )
    created_at = models.DateTimeField(_("complained"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="waiting"), name="complaint_one_waiting_an_order"
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", amount__gt=0, refund__isnull=False, answered_at__isnull=False)
                | Q(status="declined", amount=None, refund=None, answered_at__isnull=False) & ~Q(answer="")
                | Q(status="waiting", amount=None, refund=None, answered_at=None),
                name="complaint_answer_fits_its_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_status_display()}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.status == self.Status.WAITING


class ComplaintLine(models.Model):
    """So many packs of one order line that were bad, and how they looked."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="lines", verbose_name=_("complaint")
    )
    line = models.OneToOneField(
        OrderLine, on_delete=models.PROTECT, related_name="complaint_line", verbose_name=_("order line")
    )
    quantity = models.PositiveSmallIntegerField(_("bad packs"))
    photo = models.FileField(_("photo"), storage=store_privately, upload_to=name_photo, blank=True)

    class Meta:
        verbose_name = _("line of a complaint")
        verbose_name_plural = _("lines of a complaint")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="complaint_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line.title} × {self.quantity}"
