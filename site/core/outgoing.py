"""What the whole site sends that belongs to no order: mails and text messages, each one row."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.posted import Posted, PostedQuerySet


class Mail(Posted):
    """One mail. What it says may be secret (a code), so it is kept only until it went out."""

    key = models.CharField(_("key"), max_length=150, unique=True, help_text=_("What is sent once only."))
    template = models.CharField(_("template"), max_length=100)
    context = models.JSONField(_("what it says"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2)
    expires_at = models.DateTimeField(_("worthless after"), null=True, blank=True)

    objects = PostedQuerySet["Mail"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [models.Index(fields=["due_at"], condition=~models.Q(status="sent"), name="mail_unsent")]

    def __str__(self) -> str:
        return self.key


class TextMessage(Posted):
    """One SMS, or one message to the staff's chat in Telegram."""

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        TELEGRAM = "telegram", _("Telegram")

    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    key = models.CharField(_("key"), max_length=150, unique=True, help_text=_("What is sent once only."))
    to = models.CharField(_("to"), max_length=64)
    text = models.CharField(_("text"), max_length=1000)
    expires_at = models.DateTimeField(_("worthless after"), null=True, blank=True)
    reference = models.CharField(_("number at the provider"), max_length=64, blank=True)

    objects = PostedQuerySet["TextMessage"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        indexes = [
            models.Index(fields=["due_at"], condition=~models.Q(status="sent"), name="textmessage_unsent"),
            models.Index(fields=["channel", "claimed_at"], name="textmessage_claimed"),
        ]

    def __str__(self) -> str:
        return self.key
