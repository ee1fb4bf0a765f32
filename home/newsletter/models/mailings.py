"""Sending an issue: to whom, when, the letters as they were frozen, and what became of each of them."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.newsletter.models.pages import NewsletterPage
from home.newsletter.models.subscribers import Subscriber

# A sender says this often that it lives, and is taken for dead after this silence.
SILENT_AFTER = timedelta(minutes=2)
# A letter this long between “about to be sent” and “sent” is one of which nobody knows.
STUCK_AFTER = timedelta(minutes=5)


class MailingQuerySet(models.QuerySet["Mailing"]):
    """Mailings as jobs and the dashboard ask for them."""

    def due(self, now: datetime) -> Self:
        """Scheduled ones whose time has come."""
        return self.filter(status="scheduled", scheduled_at__lte=now).order_by("scheduled_at", "pk")

    def left_alone(self, now: datetime) -> Self:
        """Those being sent by nobody: their worker died, or the mail server was away."""
        silent = Q(alive_at=None) | Q(alive_at__lt=now - SILENT_AFTER)
        return self.filter(silent, status="sending").order_by("pk")

    def under_way(self) -> Self:
        """Those that wait for their time or are being sent: what a dashboard shows."""
        return self.filter(status__in=["scheduled", "sending", "paused"]).order_by("-pk")

    def begun(self) -> Self:
        """Those of which letters have gone out."""
        return self.filter(started_at__isnull=False)

    def with_counts(self) -> Self:
        """Newest first, each with `letters_total`, `letters_sent` and `readers_left`."""
        sent, left = Q(deliveries__status="sent"), Q(deliveries__left_at__isnull=False)
        return self.annotate(
            letters_total=Count("deliveries"),
            letters_sent=Count("deliveries", filter=sent),
            readers_left=Count("deliveries", filter=left),
        ).order_by("-pk")

    def locked(self) -> Self:
        """Mailings, their rows locked until the transaction ends."""
        return self.order_by("pk").select_for_update(of=("self",))


class Mailing(models.Model):
    """One sending of an issue. It moves as `MOVES` says, and by services alone."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("mailing", "draft")
        SCHEDULED = "scheduled", pgettext_lazy("mailing", "scheduled")
        SENDING = "sending", pgettext_lazy("mailing", "being sent")
        PAUSED = "paused", pgettext_lazy("mailing", "paused")
        DONE = "done", pgettext_lazy("mailing", "sent")
        CANCELED = "canceled", pgettext_lazy("mailing", "canceled")

    class Bought(models.IntegerChoices):
        MONTH = 30, _("in the last 30 days")
        QUARTER = 90, _("in the last 90 days")
        YEAR = 365, _("in the last year")
        EVER = 0, _("ever")

    class Note(models.TextChoices):
        REFUSED = "refused", _("The mail server refused one letter after another, so the mailing was paused.")
        UNPUBLISHED = (
            "unpublished",
            _("When its time came, the issue was not published in every language, so nothing was sent."),
        )

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        "draft": frozenset({"scheduled", "canceled"}),
        "scheduled": frozenset({"draft", "sending", "canceled"}),
        "sending": frozenset({"paused", "done", "canceled"}),
        "paused": frozenset({"sending", "canceled"}),
        "done": frozenset(),
        "canceled": frozenset(),
    }

    # The issue is all language versions of a page. The page may go one day; the figures stay.
    issue = models.UUIDField(_("issue"), db_index=True, editable=False)
    page = models.ForeignKey(
        NewsletterPage,
        on_delete=models.SET_NULL,
        related_name="mailings",
        null=True,
        verbose_name=_("newsletter issue"),
    )
    title = models.CharField(_("title"), max_length=255)
    languages = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES), verbose_name=_("languages")
    )
    favorite = models.ForeignKey(
        "shop.Berry",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("have this berry among their favorites"),
    )
    bought = models.PositiveSmallIntegerField(_("bought something"), choices=Bought, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    # Each start, resumption and rescue is a run of its own: a sender of an earlier one stops by itself.
    run = models.PositiveIntegerField(default=0, editable=False)
    alive_at = models.DateTimeField(null=True, editable=False)
    note = models.CharField(_("note"), max_length=12, choices=Note, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    scheduled_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-pk"]
        permissions = [("send_newsletter", _("Can send the newsletter"))]
        indexes = [models.Index(fields=["status", "scheduled_at"], name="mailing_status_time")]
        constraints = [
            models.CheckConstraint(condition=Q(languages__len__gt=0), name="mailing_has_a_language"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "canceled"]) | Q(scheduled_at__isnull=False),
                name="mailing_planned_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sending", "paused", "done"]) | Q(started_at__isnull=False),
                name="mailing_begun_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(finished_at__isnull=False), name="mailing_done_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def may_become(self, status: str) -> bool:
        """Whether the mailing may move to the status from where it stands."""
        return status in self.MOVES[self.status]


class Letter(models.Model):
    """The issue in one language as it was frozen when sending began: what people got, and get."""

    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="letters", verbose_name=_("mailing")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject line"), max_length=255)
    text = models.TextField(_("plain text"))
    html = models.TextField("HTML")
    # What berries cost and when they ripen, as the letter says it; the archive goes on saying it.
    facts = models.JSONField(_("facts"), default=dict)
    frozen_at = models.DateTimeField(_("as at"), default=timezone.now)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "language"], name="letter_once_a_language"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.language})"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """The letters of a mailing by what became of them."""

    def ready(self, mailing_id: int, run: int, now: datetime) -> Self:
        """What a sender of that run may take up, in order; nothing once the mailing is paused or canceled."""
        waiting = self.filter(mailing_id=mailing_id, mailing__run=run, mailing__status="sending")
        return waiting.filter(Q(due_at=None) | Q(due_at__lte=now), status="pending").order_by("pk")

    def stuck(self, now: datetime) -> Self:
        """Those of which nobody knows whether they were sent: their worker died over them."""
        return self.filter(status="sending", claimed_at__lte=now - STUCK_AFTER).order_by("pk")

    def count_states(self) -> dict[str, int]:
        """How many letters are in each status, and how many led to an unsubscription."""
        counts = dict.fromkeys(Delivery.Status.values, 0)
        counts |= dict(self.order_by().values_list("status").annotate(count=Count("pk")))
        return counts | {"left": self.filter(left_at__isnull=False).count()}


class Delivery(models.Model):
    """That an issue goes to a subscriber: one row each, claimed, sent once, marked."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("delivery", "waiting")
        SENDING = "sending", pgettext_lazy("delivery", "being sent")
        SENT = "sent", pgettext_lazy("delivery", "sent")
        FAILED = "failed", pgettext_lazy("delivery", "refused by the mail server")
        SKIPPED = "skipped", pgettext_lazy("delivery", "left out: unsubscribed meanwhile")

    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("mailing")
    )
    issue = models.UUIDField(_("issue"), editable=False)
    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.SET_NULL,
        related_name="deliveries",
        null=True,
        verbose_name=_("subscriber"),
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("not before"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("answer of the mail server"), max_length=200, blank=True)
    left_at = models.DateTimeField(_("unsubscribed by this letter"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a letter")
        verbose_name_plural = _("deliveries of letters")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["mailing", "id"], condition=Q(status="pending"), name="delivery_waiting"),
            models.Index(fields=["mailing", "status"], name="delivery_mailing_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["issue", "subscriber"], name="delivery_once_an_issue"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="delivery_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(claimed_at__isnull=False),
                name="delivery_sending_is_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}, {self.get_status_display()}"
