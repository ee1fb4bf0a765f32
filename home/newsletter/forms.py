"""Subscribing to the newsletter, and what an editor fills in to send it."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from core.forms import RobotTrap
from home.newsletter.models import Mailing
from shop.catalog.models import Berry


class SubscribeForm(RobotTrap):
    """Where the letters should go, and that they may."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    consent = forms.BooleanField(
        label=_("I want your letters and agree that you keep my address for them"),
        error_messages={"required": _("To send you letters, we need your consent.")},
    )


class AudienceForm(forms.Form):
    """Whom an issue is sent to."""

    languages = forms.MultipleChoiceField(
        label=_("Language of the subscribers"), widget=forms.CheckboxSelectMultiple
    )
    favorite = forms.ModelChoiceField(
        label=_("Only those who have this berry among their favorites"),
        queryset=Berry.objects.active(),
        required=False,
        empty_label=_("everybody"),
    )
    bought = forms.TypedChoiceField(
        label=_("Only those who bought something"),
        choices=[("", _("everybody")), *Mailing.Bought.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        field = cast(forms.MultipleChoiceField, self.fields["languages"])
        field.choices = [(code, names[code]) for code in languages]
        field.initial = languages


class TestForm(forms.Form):
    """Where a test goes."""

    to = forms.EmailField(label=_("Address"), max_length=254)


class ScheduleForm(forms.Form):
    """When a mailing begins."""

    at = forms.DateTimeField(label=_("Moscow time"), widget=AdminDateTimeInput)

    def clean_at(self) -> Any:
        """The time, which must be yet to come."""
        moment = self.cleaned_data["at"]
        if moment <= timezone.now():
            raise ValidationError(_("This time is in the past."))
        return moment
