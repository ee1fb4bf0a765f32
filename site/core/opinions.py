"""What people write under berries and articles: read by a moderator before anybody else sees it."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 2000


class Opinion(models.Model):
    """A review or a comment. A change by its author has to be read again."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="%(class)ss",
        verbose_name=_("author"),
    )
    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.WAITING, db_index=True
    )
    answer = models.TextField(
        _("the shop's answer"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("read by"),
    )
    judged_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"

    @property
    def author_name(self) -> str:
        """The first name, which is all that others get to see of the author."""
        return self.user.first_name or _now("Buyer")

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has read it yet."""
        return self.status == self.Status.WAITING
